from .animals import Animals, AsyncAnimals
