"""Almost free: of what slapd executes for a search and for a sign-in, Latchkey is a part too small to notice. Instructions are
counted, which are the same on a busy machine; `./run bench directory` holds ten thousand of each to narrower limits."""

from latchkey_bench import instructions
from latchkey_bench.servers import Server

PEOPLE, COUNTED, WARM_UP = 500, 300, 100
# Of what slapd executes without Latchkey.
LIMITS = {"search": 1.03, "bind": 1.05}


def test_a_search_and_a_sign_in_cost_what_they_cost_without_latchkey():
    counted = []
    with_latchkey = Server(PEOPLE)
    for server in (with_latchkey, with_latchkey.without_latchkey()):
        try:
            counted.append(instructions.count(server, COUNTED, *LIMITS, warm_up=WARM_UP))
        finally:
            server.end()
    ratios = {request: counted[0][request] / counted[1][request] for request in LIMITS}
    assert all(ratio <= LIMITS[request] for request, ratio in ratios.items()), ratios
