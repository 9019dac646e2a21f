"""Takes over the surface of an SDK that people already call.

``sources`` finds the text of the old SDK, ``layouts`` reads it without running it, and ``matching``
pairs its methods with the operations of the description. ``overlay`` and ``lock`` write the files
that give the new SDK the old names, and ``former_sdk`` writes the file about old imports.
``comparison`` finds the remaining differences, and ``report`` writes them. ``proving`` runs both
SDKs. ``surface`` defines the data, ``adopt`` the steps. ``docs/adopt.md`` documents it for users.
"""
