import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, encodeAnswer } from "./answer.ts";
import { throttle } from "./body.ts";

const WHITE_SPACE_STEP_MS = 50;
const LINGER_STEP_MS = 250;
/** How long a client may take to read an answer that came before it had sent its body. */
const EARLY_GRACE_MS = 1_000;

/** The client's side of an exchange, and the ways in which it can go wrong. */
export class Downstream {
	readonly #request: IncomingMessage;
	readonly #response: ServerResponse;
	/** Kept: a request that was broken off has none any more. */
	readonly #socket: Socket;
	/** The connection below TLS. */
	readonly #wire: Socket;

	constructor(request: IncomingMessage, response: ServerResponse, wire: Socket) {
		this.#request = request;
		this.#response = response;
		this.#wire = wire;
		this.#socket = request.socket;
		request.on("error", () => {}); // clients go away
		response.on("error", () => {});
	}

	get body(): AsyncIterable<Uint8Array> {
		return this.#request.iterator({ destroyOnReturn: false });
	}

	async send({ status, headers, body, whiteSpaceMs = 0 }: Answer): Promise<void> {
		const kept = headers.filter(([name]) => !/^(connection|keep-alive|transfer-encoding)$/i.test(name));
		// Written one by one: a header that is there twice has to arrive twice.
		for (const [name, value] of kept) this.#response.appendHeader(name, value);
		this.#response.statusCode = status;
		if (whiteSpaceMs > 0) {
			this.#response.removeHeader("content-length");
			for (let waited = 0; waited < whiteSpaceMs; waited += WHITE_SPACE_STEP_MS) {
				this.#response.write(" ");
				await delay(WHITE_SPACE_STEP_MS);
			}
		}
		this.#response.end(this.#request.method === "HEAD" ? undefined : body);
	}

	/** Answers, then closes, without reading the body that is still coming. */
	async sendEarly(answer: Answer): Promise<void> {
		this.#request.pause();
		const socket = this.#socket;
		socket.end(encodeAnswer(answer));
		await Promise.race([once(socket, "close").catch(() => {}), delay(EARLY_GRACE_MS)]);
		socket.destroy();
	}

	/** Passes on half of the answer, as bytes. */
	async sendHalf(answer: Answer): Promise<void> {
		const bytes = encodeAnswer(answer);
		const socket = this.#socket;
		await new Promise<void>((resolve) =>
			socket.write(bytes.subarray(0, bytes.byteLength / 2), () => resolve()),
		);
	}

	async sendSlowly(answer: Answer, bytesPerSecond: number): Promise<void> {
		const socket = this.#socket;
		for await (const piece of throttle(oneChunk(encodeAnswer(answer)), bytesPerSecond)) {
			if (socket.destroyed) return;
			socket.write(piece);
		}
		socket.end();
	}

	/** Says something that need not be HTTP, and ends. */
	async sendBytes(bytes: Uint8Array): Promise<void> {
		this.#socket.end(bytes);
	}

	/** Goes on with the head of an answer until the client has had enough. */
	async linger(how: "drops" | "interim"): Promise<void> {
		const socket = this.#socket;
		if (how === "drops") socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
		while (!socket.destroyed) {
			socket.write(how === "drops" ? "." : "HTTP/1.1 102 Processing\r\n\r\n");
			await delay(LINGER_STEP_MS);
		}
	}

	async breakOff(how: "reset" | "close" | "hang"): Promise<void> {
		const socket = this.#socket;
		if (how === "reset") {
			this.#wire.resetAndDestroy();
		} else if (how === "close") {
			// What was not read would turn the end of the connection into a reset.
			this.#request.resume();
			socket.end();
		} else if (!socket.destroyed) {
			await once(socket, "close").catch(() => {});
		}
	}

	/** Ends a connection nobody knows how to go on with. */
	destroy(): void {
		this.#socket.destroy();
	}
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	yield bytes;
}
