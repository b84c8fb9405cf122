import { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { Proxies } from "./proxies/load-proxies.ts";
import { ShakingAgent } from "./shaking-agent.ts";

export interface AgentSettings {
	/** Connections at once. */
	readonly maxSockets: number;
	/** Milliseconds for the handshake of TLS, once the connection is made. */
	readonly handshakeTimeoutMs: number;
	/** Certificates of authorities instead of the well-known ones, PEM. */
	readonly authorities: readonly string[] | undefined;
	readonly proxies: Proxies | undefined;
}

export interface Agents {
	readonly httpAgent: HttpAgent;
	readonly httpsAgent: HttpsAgent;
}

/** The agents that make the SDK's connections. Instances: with plain options the SDK makes a new agent per request. */
export function makeAgents(settings: AgentSettings): Agents {
	const { maxSockets, handshakeTimeoutMs, authorities, proxies } = settings;
	const common = { keepAlive: true, maxSockets };
	const secure = authorities === undefined ? common : { ...common, ca: [...authorities] };
	return {
		httpAgent: new HttpAgent(common),
		httpsAgent:
			proxies?.makeAgent(secure, handshakeTimeoutMs) ?? new ShakingAgent(secure, handshakeTimeoutMs),
	};
}
