from . import controllers, drivers, models, wizards
