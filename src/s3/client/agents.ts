import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

export interface AgentSettings {
	/** Connections at once. */
	readonly maxSockets: number;
	/** Milliseconds for the handshake of TLS, once the connection is made. */
	readonly handshakeTimeoutMs: number;
	/** Certificates of authorities instead of the well-known ones, PEM. */
	readonly authorities: readonly string[] | undefined;
}

export interface Agents {
	readonly httpAgent: HttpAgent;
	readonly httpsAgent: HttpsAgent;
}

/** The agents that make the SDK's connections. Instances: with plain options the SDK makes a new agent per request. */
export function makeAgents({ maxSockets, handshakeTimeoutMs, authorities }: AgentSettings): Agents {
	const settings = { keepAlive: true, maxSockets };
	const ca = authorities === undefined ? {} : { ca: [...authorities] };
	return {
		httpAgent: new HttpAgent(settings),
		httpsAgent: new ShakingAgent({ ...settings, ...ca }, handshakeTimeoutMs),
	};
}

/** Gives up a handshake that does not come to an end; the SDK's time for connections is over before it begins. */
class ShakingAgent extends HttpsAgent {
	readonly #timeoutMs: number;

	constructor(options: ConstructorParameters<typeof HttpsAgent>[0], timeoutMs: number) {
		super(options);
		this.#timeoutMs = timeoutMs;
	}

	override createConnection(
		options: RequestOptions,
		callback?: (error: Error | null, stream: Duplex) => void,
	): Duplex | null | undefined {
		const socket = super.createConnection(options, callback);
		if (socket instanceof TLSSocket) this.#limitHandshake(socket);
		return socket;
	}

	#limitHandshake(socket: TLSSocket): void {
		let timer: NodeJS.Timeout | undefined;
		const stop = () => clearTimeout(timer);
		socket.once("connect", () => {
			timer = setTimeout(() => {
				const message = `the TLS handshake did not finish within ${this.#timeoutMs} ms`;
				socket.destroy(Object.assign(new Error(message), { name: "TimeoutError" }));
			}, this.#timeoutMs);
		});
		socket.once("secureConnect", stop);
		socket.once("close", stop);
	}
}
