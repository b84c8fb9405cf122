import { createServer, Socket } from "node:net";

const HEAD_END = "\r\n\r\n";
/** As much as a socket has at once, as a rule. */
const READ_SIZE = 1024 * 1024;

/**
 * An HTTP/1.1 server that throws bodies away. `node:http` makes an object and an event of every 64 KiB; here
 * all are read into one buffer, with half the processor time. What is measured beside it shares its cores.
 *
 * @param answer - Gets `{ method, url, headers, size }` when a request has come, `size` being the bytes of its
 * body; gives `{ status, headers, body }`.
 */
export function createDiscardingServer(answer) {
	return createServer({ pauseOnConnect: true }, (accepted) => {
		// A socket that reads into a buffer of ours has to be made with it, and servers do not offer that.
		const handle = accepted._handle;
		accepted._handle = null;
		const reader = new RequestReader((request) => {
			if (request.expectsContinue) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
			else socket.write(format(request, answer(request)));
		});
		const onread = {
			buffer: Buffer.allocUnsafeSlow(READ_SIZE),
			callback(count, buffer) {
				reader.read(buffer.subarray(0, count));
				return true;
			},
		};
		const socket = new Socket({ handle, onread });
		socket.on("error", () => socket.destroy());
		socket.resume();
	});
}

function format({ method }, { status = 200, headers = {}, body = "" }) {
	const fields = Object.entries({ "content-length": Buffer.byteLength(body), ...headers });
	const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
	return `HTTP/1.1 ${status} -\r\n${lines}\r\n${method === "HEAD" ? "" : body}`;
}

/** Cuts what comes on a connection into requests. */
class RequestReader {
	#onRequest;
	#head = "";
	#request;
	/** Bytes of the body, or of this chunk of it and its end, that have not come yet. */
	#left = 0;
	#chunked = false;

	constructor(onRequest) {
		this.#onRequest = onRequest;
	}

	read(bytes) {
		for (let rest = bytes; rest.byteLength > 0; ) {
			const skipped = Math.min(this.#left, rest.byteLength);
			this.#left -= skipped;
			rest = rest.subarray(skipped);
			if (this.#left > 0) return;
			if (this.#request !== undefined && !this.#chunked) this.#end();
			else rest = this.#readLines(rest);
		}
		if (this.#request !== undefined && this.#left === 0 && !this.#chunked) this.#end();
	}

	/** Reads the head of a request, or that of a chunk. @returns what is behind it */
	#readLines(bytes) {
		const end = this.#request === undefined ? HEAD_END : "\r\n";
		const before = this.#head.length;
		this.#head += bytes.toString("latin1");
		const length = this.#head.indexOf(end);
		if (length < 0) return bytes.subarray(bytes.byteLength);
		const text = this.#head.slice(0, length);
		this.#head = "";
		if (this.#request === undefined) this.#begin(text);
		else this.#beginChunk(text);
		return bytes.subarray(length + end.length - before);
	}

	#begin(head) {
		const [line, ...fields] = head.split("\r\n");
		const [method, url] = line.split(" ");
		const headers = Object.fromEntries(
			fields.map((field) => {
				const colon = field.indexOf(":");
				return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
			}),
		);
		this.#request = { method, url, headers, size: 0 };
		this.#chunked = headers["transfer-encoding"] === "chunked";
		this.#left = this.#chunked ? 0 : Number(headers["content-length"] ?? 0);
		this.#request.size = this.#left;
		if (headers.expect === "100-continue") this.#onRequest({ ...this.#request, expectsContinue: true });
	}

	#beginChunk(line) {
		const size = Number.parseInt(line, 16);
		this.#request.size += size;
		this.#left = size + 2; // the line ends behind it
		if (size === 0) this.#chunked = false;
	}

	#end() {
		const request = this.#request;
		this.#request = undefined;
		this.#onRequest(request);
	}
}
