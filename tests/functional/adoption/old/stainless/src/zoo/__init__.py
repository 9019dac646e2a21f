from ._client import Zoo
