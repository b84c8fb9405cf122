import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, createSecureContext, type SecureContext, TLSSocket } from "node:tls";

export type AgentOptions = NonNullable<ConstructorParameters<typeof HttpsAgent>[0]>;

/**
 * Gives up a handshake that does not come to an end; the SDK's time for connections is over before it begins.
 *
 * Certificates of authorities are read once. By itself Node reads them for each connection, some 150 of them in
 * 22 ms and 1 MiB, and compares them for each request.
 */
export class ShakingAgent extends HttpsAgent {
	readonly #timeoutMs: number;
	readonly #ca: AgentOptions["ca"];
	#trusted: SecureContext | undefined;

	constructor({ ca, ...options }: AgentOptions, timeoutMs: number) {
		super(options);
		this.#ca = ca;
		this.#timeoutMs = timeoutMs;
	}

	override createConnection(
		options: RequestOptions,
		callback?: (error: Error | null, stream: Duplex) => void,
	): Duplex | null | undefined {
		const socket = super.createConnection(this.#trusting(options), callback);
		if (socket instanceof TLSSocket) this.#limitHandshake(socket);
		return socket;
	}

	#trusting(options: RequestOptions): RequestOptions & Pick<ConnectionOptions, "secureContext"> {
		if (this.#ca === undefined) return options;
		this.#trusted ??= createSecureContext({ ca: this.#ca });
		return { ...options, secureContext: this.#trusted };
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
