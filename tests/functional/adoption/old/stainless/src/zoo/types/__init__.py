from .animal import Animal as Animal
from .animal_create_params import AnimalCreateParams as AnimalCreateParams
from .meal import Meal as Meal
from .status import Status as Status
