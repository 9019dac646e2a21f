"""What specloom says of a description: `specloom ir`, and how its SDK will read."""
