import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import { onAbort } from "../async/abort-listeners.ts";
import { requestController } from "../async/request-controller.ts";
import { connectionEnd } from "./connection-end.ts";
import type { ResponseHeaders } from "./headers.ts";

/** A response as Node's servers give it, and so Express. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Codes of RFC 9113, section 7; `node:http2` has them as well, but takes long to load. */
const NO_ERROR = 0;
const INTERNAL_ERROR = 2;

/** Writes one response of Node at the pace of its client. */
export class ResponseWriter {
	readonly #response: NodeResponse;
	readonly #gone = requestController();
	/** Bytes of the body. */
	#writtenSize = 0;
	readonly #letGo: () => void;

	constructor(response: NodeResponse) {
		this.#response = response;
		response.on("error", ignore); // its connection closes, and that is what counts
		response.on("close", this.#onClose);
		this.#letGo = onAbort(endWhileWaiting(response), this.#onClose);
		if (response.destroyed || response.writableEnded) this.#isGone();
	}

	/** Aborts when the client is gone. */
	get gone(): AbortSignal {
		return this.#gone.signal;
	}

	/** Whether the connection has taken all of the answer. */
	get isComplete(): boolean {
		const { writableEnded, writableFinished } = this.#response;
		return writableEnded && writableFinished && !this.#wasReset;
	}

	/** Sets the headers one by one, so that middleware finds them where it looks. */
	head(status: number, headers: ResponseHeaders): void {
		for (const [name, value] of Object.entries(headers)) this.#response.setHeader(name, value);
		this.#response.writeHead(status);
	}

	/**
	 * Resolves when the connection takes more, or the client is gone. What is announced as the last byte ends the response: a client that has
	 * all of it may be gone before anybody says that there is no more.
	 */
	async write(chunk: Uint8Array | string): Promise<void> {
		if (this.gone.aborted) return;
		this.#writtenSize += Buffer.byteLength(chunk);
		if (this.#writtenSize === this.#announcedSize) return this.#end(chunk);
		// The two kinds of responses share the method, but not the type of it.
		const response = this.#response as Pick<ServerResponse, "write">;
		if (!response.write(chunk)) await this.#next("drain");
	}

	/** Resolves when the connection has taken all, or the client is gone. */
	async end(): Promise<void> {
		if (!this.gone.aborted && !this.#response.writableEnded) await this.#end();
	}

	async #end(chunk?: Uint8Array | string): Promise<void> {
		const finished = this.#next("finish");
		const response = this.#response as Pick<ServerResponse, "end">;
		response.end(chunk);
		await finished;
	}

	get #announcedSize(): number | undefined {
		const length = this.#response.getHeader("content-length");
		return length === undefined ? undefined : Number(length);
	}

	/**
	 * Cuts the connection, so that the client does not take what it has for the whole. Where only the end of the connection would tell the end of
	 * the body, as in HTTP/1.0, an orderly end would do just that: the connection is reset.
	 */
	cut(): void {
		const response = this.#response;
		if ("stream" in response) {
			response.stream.close(INTERNAL_ERROR);
			return;
		}
		if (!response.hasHeader("content-length")) reset(response);
		response.destroy();
	}

	/** Lets go of the response. */
	release(): void {
		this.#response.off("close", this.#onClose);
		this.#letGo();
	}

	get #wasReset(): boolean {
		const response = this.#response;
		return "stream" in response && response.stream.rstCode !== NO_ERROR;
	}

	readonly #onClose = (): void => {
		if (!this.isComplete) this.#isGone();
	};

	#isGone(): void {
		this.#gone.abort(new Error("the client is gone"));
	}

	#next(event: "drain" | "finish"): Promise<void> {
		return new Promise((resolve) => {
			const happened = () => {
				this.#response.off(event, happened);
				letGo();
				resolve();
			};
			const letGo = onAbort(this.gone, happened);
			this.#response.on(event, happened);
		});
	}
}

/**
 * The end of the connection, for a response that waits behind another one: a client may send requests without waiting for answers, and Node lets
 * a response know of it only once it is its turn.
 */
function endWhileWaiting(response: NodeResponse): AbortSignal | undefined {
	if ("stream" in response || response.socket !== null) return undefined;
	const socket: Socket | undefined = response.req?.socket; // stand-ins for responses may lack it
	return socket && connectionEnd(socket);
}

function reset({ socket }: ServerResponse): void {
	try {
		socket?.resetAndDestroy();
	} catch {
		// Only TCP knows it; a connection through TLS or a socket in the file system ends as it can.
	}
}

function ignore(): void {}
