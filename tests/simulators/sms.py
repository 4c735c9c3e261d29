"""The SMS gateway of Odoo's in-app purchases, as its JSON-RPC calls show it."""

from simulators.web import WebSimulator


class SmsGateway(WebSimulator):
    """Takes `/api/sms/3/send`; `accepted` are (number, text, uuid).

    :ivar states: {number: state} answered instead of “processing”
    """

    def __init__(self):
        super().__init__()
        self.states = {}

    def answer(self, path, _headers, body):
        assert path.endswith("/api/sms/3/send"), path
        results = []
        for message in body["params"]["messages"]:
            for number in message["numbers"]:
                state = self.states.get(number["number"], "processing")
                if state in ("processing", "success"):
                    self.accepted.append(
                        (number["number"], message["content"], number["uuid"])
                    )
                results.append({"uuid": number["uuid"], "state": state, "credit": 1})
        return 200, {"jsonrpc": "2.0", "id": body["id"], "result": results}
