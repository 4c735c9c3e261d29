"""What a call to a bank's API may end in, besides an answer."""

# Words that banks wrap the reason of a refusal in: Bacen and Inter (RFC 7807), Sicoob.
LIST_NAMES = ("violacoes", "mensagens", "erros", "errors")
REASON_NAMES = ("razao", "mensagem", "message", "descricao", "detail", "detalhe")
TITLE_NAMES = ("detail", "detalhe", "title", "titulo", "message", "mensagem", "error")
LONGEST = 300


class BankError(Exception):
    """A call to a bank that brought no answer; its text is for people."""


class RefusedError(BankError):
    """The bank said no: the same again would be refused again.

    :ivar int status: HTTP status, 0 where nothing was asked
    """

    def __init__(self, message, status=0):
        super().__init__(message)
        self.status = status


class LaterError(BankError):
    """Nothing was done; the call may be repeated.

    :ivar is_account: no call of this account can succeed before somebody acts
    """

    def __init__(self, message, is_account=False):
        super().__init__(message)
        self.is_account = is_account


class SilentError(BankError):
    """The answer is missing: the bank may have done it or not. Ask before repeating."""


def describe_refusal(answer) -> str:
    """Return the reasons a bank gave, in its words, without what it was sent.

    >>> describe_refusal({"title": "Inválido", "violacoes": [
    ...     {"propriedade": "valor.original", "razao": "é zero"}]})
    'valor.original: é zero'
    >>> describe_refusal({"mensagens": [{"codigo": "5004", "mensagem": "Vencido"}]})
    'Vencido'
    >>> describe_refusal({"title": "Não encontrado", "status": 404})
    'Não encontrado'
    >>> describe_refusal("<html>")
    ''
    """
    if not isinstance(answer, dict):
        return ""
    reasons = [
        _describe_reason(item)
        for name in LIST_NAMES
        if isinstance(answer.get(name), list)
        for item in answer[name]
        if isinstance(item, dict)
    ]
    words = "; ".join(filter(None, reasons)) or _first(answer, TITLE_NAMES)
    return words[:LONGEST]


def _describe_reason(item):
    reason = _first(item, REASON_NAMES)
    field = item.get("propriedade")
    return f"{field}: {reason}" if field and reason else reason


def _first(answer, names):
    for name in names:
        if isinstance(answer.get(name), str) and answer[name].strip():
            return answer[name].strip()
    return ""
