"""Reports about a description: `specloom ir` and `specloom lint`."""
