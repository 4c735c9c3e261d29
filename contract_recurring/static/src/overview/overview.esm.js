import {Component, onWillStart, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const MODEL = "contract.overview";
// Bars are drawn in a picture of these units, stretched to the width there is.
const BAR_WIDTH = 100;
const CHART_HEIGHT = 120;

/**
 * Home screen of receivables. All words and numbers come from the server; what
 * today's dunning run will do takes longer and is asked for apart.
 */
export class ContractOverview extends Component {
    static template = "contract_recurring.Overview";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({data: null, forecast: null, isForecasting: false});
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call(MODEL, "get_overview", []);
        this.forecast();
    }

    async forecast() {
        this.state.isForecasting = true;
        try {
            this.state.forecast = await this.orm.call(MODEL, "get_run_forecast", []);
        } finally {
            this.state.isForecasting = false;
        }
    }

    async open(key) {
        if (key) {
            this.action.doAction(await this.orm.call(MODEL, "open_tile", [key]));
        }
    }

    getBox(chart) {
        return `0 0 ${chart.bars.length * BAR_WIDTH} ${CHART_HEIGHT}`;
    }

    getBar(bar, index) {
        const height = Math.max((bar.height * CHART_HEIGHT) / 100, bar.amount ? 2 : 0);
        return {
            x: index * BAR_WIDTH + 10,
            y: CHART_HEIGHT - height,
            width: BAR_WIDTH - 20,
            height,
        };
    }
}

registry.category("actions").add("contract_overview", ContractOverview);
