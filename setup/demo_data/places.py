"""The cities the provider serves, with what makes an address look real."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A city: its share of the customers, area code, and range of CEPs."""

    city: str
    state: str
    share: int
    area_code: int
    first_zip: int
    last_zip: int
    districts: tuple[str, ...]


PLACES = (
    Place(
        *("Pouso Alegre", "MG", 30, 35, 37550, 37559),
        ("Centro", "Fátima", "São Geraldo", "Jardim Olímpico", "Santa Rita"),
    ),
    Place(
        *("Itajubá", "MG", 16, 35, 37500, 37509),
        ("Centro", "Boa Vista", "Varginha", "Medicina", "São Vicente"),
    ),
    Place(
        *("Varginha", "MG", 14, 35, 37002, 37109),
        ("Centro", "Vila Paiva", "Jardim Andere", "Bom Pastor", "Sion"),
    ),
    Place(
        *("Poços de Caldas", "MG", 12, 35, 37701, 37719),
        ("Centro", "Jardim dos Estados", "Jardim Quisisana", "Vila Cruz"),
    ),
    Place(
        *("Extrema", "MG", 8, 35, 37640, 37649),
        ("Centro", "Morbidelli", "Vila Rica", "Ponte Nova"),
    ),
    Place(
        *("Bragança Paulista", "SP", 12, 11, 12900, 12929),
        ("Centro", "Taboão", "Jardim do Lago", "Lavapés", "Matadouro"),
    ),
    Place(
        *("Atibaia", "SP", 8, 11, 12940, 12954),
        ("Centro", "Alvinópolis", "Jardim Imperial", "Vila Thais"),
    ),
)


def choose_place(lot):
    return lot.choices(PLACES, [place.share for place in PLACES])[0]


def find_city(env, name, state):
    """Return the city, of the two that Odoo has: core's knows no IBGE code."""
    return env["res.city"].search(
        [
            ("name", "=", name),
            ("state_id.code", "=", state),
            ("country_id.code", "=", "BR"),
            ("ibge_code", "!=", False),
        ],
        limit=1,
    )


def prepare_address(env, lot, fake, place):
    """Return the values of an address in a city, as l10n_br_base keeps it."""
    city = find_city(env, place.city, place.state)
    zip_start = lot.randint(place.first_zip, place.last_zip)
    return {
        "street_name": fake.street_name(),
        "street_number": str(lot.randint(8, 1990)),
        "district": lot.choice(place.districts),
        "city_id": city.id,
        "state_id": city.state_id.id,
        "zip": f"{zip_start:05}-{lot.randint(1, 899):03}",
    }
