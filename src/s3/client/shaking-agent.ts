import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

export type AgentOptions = NonNullable<ConstructorParameters<typeof HttpsAgent>[0]>;

/** Gives up a handshake that does not come to an end; the SDK's time for connections is over before it begins. */
export class ShakingAgent extends HttpsAgent {
	readonly #timeoutMs: number;

	constructor(options: AgentOptions, timeoutMs: number) {
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
		const start = () => {
			timer = setTimeout(() => {
				const message = `the TLS handshake did not finish within ${this.#timeoutMs} ms`;
				socket.destroy(Object.assign(new Error(message), { name: "TimeoutError" }));
			}, this.#timeoutMs);
		};
		// Through a tunnel it begins at once.
		if (socket.connecting) socket.once("connect", start);
		else start();
		socket.once("secureConnect", stop);
		socket.once("close", stop);
	}
}
