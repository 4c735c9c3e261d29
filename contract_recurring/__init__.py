from . import drivers, models, wizards
