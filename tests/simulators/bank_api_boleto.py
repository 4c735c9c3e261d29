"""Boletos of the simulated bank: Sicoob “Cobrança Bancária v3”, Inter “Cobrança v3”."""

import itertools
import uuid

SICOOB = "/cobranca-bancaria/v3"
INTER = "/cobranca/v3/cobrancas"


def _barcode(bank, number, amount):
    """Return 44 digits with the right general check digit (FEBRABAN, modulo 11)."""
    cents = round(amount * 100)
    body = f"{bank}9" + f"1000{cents:010}" + f"{number:025}"
    total = sum(
        int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(body))
    )
    digit = 11 - total % 11
    return body[:4] + str(digit if 1 < digit < 10 else 1) + body[4:]


def _digitable(barcode):
    return f"{barcode[:4]}{barcode[19:]}{barcode[4:19]}".ljust(47, "0")


def _find(boletos, **wanted):
    for boleto in boletos:
        if all(str(boleto.get(name)) == str(value) for name, value in wanted.items()):
            return boleto
    return None


class SicoobBoletos:
    """The bank numbers the boletos; one of them per request."""

    ROUTES = [
        ("POST", f"{SICOOB}/boletos", "boletos_inclusao", "sicoob_register"),
        ("GET", f"{SICOOB}/boletos", "boletos_consulta", "sicoob_query"),
        (
            "GET",
            rf"{SICOOB}/pagadores/(\d+)/boletos",
            "boletos_consulta",
            "sicoob_list",
        ),
        ("PATCH", rf"{SICOOB}/boletos/(\d+)", "boletos_alteracao", "sicoob_change"),
        (
            "POST",
            rf"{SICOOB}/boletos/(\d+)/baixar",
            "boletos_alteracao",
            "sicoob_write_off",
        ),
        (
            "POST",
            rf"{SICOOB}/boletos/(\d+)/protestos",
            "boletos_alteracao",
            "sicoob_protest",
        ),
    ]

    def open(self):
        self.sicoob = []
        self._sicoob_numbers = itertools.count(2588650, 8)

    def _sicoob_refuse(self, message, code="5004"):
        problem = self.problem(400, "x")
        problem.body = {"mensagens": [{"mensagem": message, "codigo": code}]}
        raise problem

    def sicoob_register(self, *, query, body):
        for name in ("numeroCliente", "seuNumero", "valor", "dataVencimento"):
            if not body.get(name):
                self._sicoob_refuse(f"O campo {name} é obrigatório.")
        if body["dataVencimento"] < self.today.isoformat():
            self._sicoob_refuse("A data de vencimento é anterior à data atual.")
        number = next(self._sicoob_numbers)
        barcode = _barcode("756", number, body["valor"])
        boleto = {
            **body,
            "nossoNumero": number,
            "codigoBarras": barcode,
            "linhaDigitavel": _digitable(barcode),
            "qrCode": f"00020101021226-SICOOB-{number}",
            "situacaoBoleto": "Em Aberto",
            "listaHistorico": [],
        }
        self.sicoob.append(boleto)
        return 200, {"resultado": boleto}

    def sicoob_query(self, *, query, body):
        boleto = _find(self.sicoob, nossoNumero=query.get("nossoNumero"))
        if not boleto:
            raise self.problem(404, "NaoEncontrado", "boleto não encontrado")
        return 200, {"resultado": boleto}

    def sicoob_list(self, document, *, query, body):
        found = [
            {
                name: boleto[name]
                for name in (
                    "nossoNumero",
                    "seuNumero",
                    "valor",
                    "dataVencimento",
                    "situacaoBoleto",
                )
            }
            for boleto in self.sicoob
            if boleto["pagador"]["numeroCpfCnpj"] == document
        ]
        # as the bank answers to a payer it knows no boleto of
        return (200, {"resultado": found}) if found else (204, {})

    def _sicoob_get_open(self, number):
        boleto = _find(self.sicoob, nossoNumero=number)
        if not boleto:
            raise self.problem(404, "NaoEncontrado", "boleto não encontrado")
        if boleto["situacaoBoleto"] != "Em Aberto":
            self._sicoob_refuse("O boleto não está em aberto.")
        return boleto

    def sicoob_change(self, number, *, query, body):
        boleto = self._sicoob_get_open(number)
        if "prorrogacaoVencimento" in body:
            boleto["dataVencimento"] = body["prorrogacaoVencimento"]["dataVencimento"]
        if "abatimento" in body:
            boleto["valorAbatimento"] = body["abatimento"]["valorAbatimento"]
        if "desconto" in body:
            boleto.update(body["desconto"])
        return 204, {}

    def sicoob_write_off(self, number, *, query, body):
        self._sicoob_get_open(number)["situacaoBoleto"] = "Baixado"
        return 204, {}

    def sicoob_protest(self, number, *, query, body):
        self._sicoob_get_open(number)["protestado"] = True
        return 204, {}

    def pay_sicoob(self, number, amount, day=None):
        """Somebody pays a boleto at a cashier's."""
        boleto = _find(self.sicoob, nossoNumero=number)
        words = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
        boleto["situacaoBoleto"] = "Liquidado"
        boleto["listaHistorico"].append(
            {
                "tipoHistorico": "6",
                "dataHistorico": (day or self.today).isoformat(),
                "descricaoHistorico": f"LIQUIDAÇÃO - R$ {words}",
            }
        )


class InterBoletos:
    """The bank takes a request and registers afterwards; its id is of its own."""

    ROUTES = [
        ("POST", INTER, "boleto-cobranca.write", "inter_register"),
        ("GET", INTER, "boleto-cobranca.read", "inter_list"),
        ("GET", rf"{INTER}/([0-9a-f-]{{36}})", "boleto-cobranca.read", "inter_query"),
        (
            "POST",
            rf"{INTER}/([0-9a-f-]{{36}})/cancelar",
            "boleto-cobranca.write",
            "inter_cancel",
        ),
        ("PUT", f"{INTER}/webhook", "boleto-cobranca.write", "inter_webhook"),
    ]

    def open(self):
        self.inter = []
        self.inter_webhook_url = None
        self._inter_numbers = itertools.count(90100000001)

    def inter_register(self, *, query, body):
        for name in ("seuNumero", "valorNominal", "dataVencimento", "pagador"):
            if not body.get(name):
                raise self.problem(
                    400, "Requisição inválida", violations=[(name, "obrigatório")]
                )
        number = next(self._inter_numbers)
        code = str(uuid.uuid4())
        barcode = _barcode("077", number, body["valorNominal"])
        self.inter.append(
            {
                "cobranca": {
                    "codigoSolicitacao": code,
                    "seuNumero": body["seuNumero"],
                    "situacao": "EM_PROCESSAMENTO",
                    "valorNominal": body["valorNominal"],
                    "dataVencimento": body["dataVencimento"],
                    "dataEmissao": self.today.isoformat(),
                    "pagador": body["pagador"],
                },
                "boleto": {
                    "nossoNumero": str(number),
                    "codigoBarras": barcode,
                    "linhaDigitavel": _digitable(barcode),
                },
                "pix": {
                    "txid": uuid.uuid4().hex,
                    "pixCopiaECola": f"00020101021226-INTER-{number}",
                },
            }
        )
        return 200, {"codigoSolicitacao": code}

    def inter_find(self, code):
        for charge in self.inter:
            if charge["cobranca"]["codigoSolicitacao"] == code:
                return charge
        raise self.problem(404, "NaoEncontrado", "cobrança não encontrada")

    def inter_query(self, code, *, query, body):
        charge = self.inter_find(code)
        if charge["cobranca"]["situacao"] == "EM_PROCESSAMENTO":
            return 200, {"cobranca": charge["cobranca"]}
        return 200, charge

    def inter_finish(self):
        """Register what was only taken in until now."""
        for charge in self.inter:
            if charge["cobranca"]["situacao"] == "EM_PROCESSAMENTO":
                charge["cobranca"]["situacao"] = "A_RECEBER"

    def inter_list(self, *, query, body):
        names = {"EMISSAO": "dataEmissao", "PAGAMENTO": "dataSituacao"}
        name = names.get(query.get("filtrarDataPor"), "dataVencimento")
        first, last = query["dataInicial"], query["dataFinal"]
        found = [
            charge
            for charge in self.inter
            if first <= (charge["cobranca"].get(name) or "") <= last
            and query.get("seuNumero") in (None, charge["cobranca"]["seuNumero"])
        ]
        size = int(query.get("paginacao.itensPorPagina", 100))
        page = int(query.get("paginacao.paginaAtual", 0))
        return 200, {
            "totalPaginas": -(-len(found) // size),
            "totalElementos": len(found),
            "ultimaPagina": (page + 1) * size >= len(found),
            "cobrancas": found[page * size : (page + 1) * size],
        }

    def inter_cancel(self, code, *, query, body):
        charge = self.inter_find(code)["cobranca"]
        if charge["situacao"] not in ("A_RECEBER", "ATRASADO"):
            raise self.problem(400, "Cobrança não pode ser cancelada")
        charge["situacao"] = "CANCELADO"
        charge["dataSituacao"] = self.today.isoformat()
        return 202, {}

    def inter_webhook(self, *, query, body):
        self.inter_webhook_url = body["webhookUrl"]
        return 204, {}

    def pay_inter(self, code, amount, day=None):
        charge = self.inter_find(code)["cobranca"]
        charge["situacao"] = "RECEBIDO"
        charge["valorTotalRecebido"] = amount
        charge["origemRecebimento"] = "BOLETO"
        charge["dataSituacao"] = (day or self.today).isoformat()
