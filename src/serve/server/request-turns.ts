import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Lets the requests of a connection be handled one after the other. A client may send thousands without waiting for an answer
 * ("pipelining"): each would open files for an answer that cannot go out yet, and Node tells nobody of an answer that waits when its
 * connection closes, so that they would stay open.
 */
export class RequestTurns {
	readonly #handle: Handle;
	/** What waits, for each connection with a request in hand. */
	readonly #waiting = new WeakMap<Socket, (() => void)[]>();

	constructor(handle: Handle) {
		this.#handle = handle;
	}

	/** Whether a request of the connection is being answered. */
	isBusy(socket: Socket): boolean {
		return this.#waiting.has(socket);
	}

	take(request: IncomingMessage, response: ServerResponse): void {
		const { socket } = request;
		const answer = () => {
			response.on("close", () => this.#next(socket));
			this.#handle(request, response);
		};
		const waiting = this.#waiting.get(socket);
		if (waiting !== undefined) {
			waiting.push(answer);
			return;
		}
		this.#waiting.set(socket, []);
		answer();
	}

	#next(socket: Socket): void {
		const answer = socket.destroyed ? undefined : this.#waiting.get(socket)?.shift();
		if (answer === undefined) this.#waiting.delete(socket);
		else answer();
	}
}
