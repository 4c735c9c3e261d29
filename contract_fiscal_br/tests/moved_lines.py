"""What happens to lines of a file on its way."""

from hypothesis import strategies as st


def move_line(lines, data):
    """Swap two lines, double one or lose one, as hypothesis draws; in place."""
    places = st.integers(0, len(lines) - 1)
    step = data.draw(st.sampled_from(("swap", "double", "lose")))
    first, second = data.draw(places), data.draw(places)
    if step == "swap":
        lines[first], lines[second] = lines[second], lines[first]
    elif step == "double":
        lines.insert(second, lines[first])
    else:
        del lines[first]
