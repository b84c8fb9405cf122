import { once } from "node:events";
import { type ClientRequest, createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What Lambda has of a response when the invocation has ended. */
export interface Streamed {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
	/** The error that the runtime has reported in a trailer, behind whatever there was of the body. */
	readonly errorType: string | undefined;
}

type Write = (chunk: string | Uint8Array, ...rest: readonly never[]) => boolean;

/** The stream that a handler gets: no Node stream, only an object with some of the members of one. */
interface ResponseStream {
	readonly writableFinished: boolean;
	_onBeforeFirstWrite: ((write: Write) => void) | undefined;
	setContentType(contentType: string): void;
}

type Handler = (event: object, stream: ResponseStream, context: object) => Promise<void>;

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const PRELUDE_TYPE = "application/vnd.awslambda.http-integration-response";
const DELIMITER = Buffer.alloc(8);
const ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
/** What the runtime passes on of its request, and no more. */
const METHODS = ["cork", "destroy", "end", "uncork", "write", "addListener", "on", "once", "prependListener"];
const MORE_METHODS = ["prependOnceListener", "off", "removeListener", "removeAllListeners", "emit"];
const LISTENER_METHODS = ["setMaxListeners", "getMaxListeners", "listeners", "rawListeners", "listenerCount"];
const PROPERTIES = ["destroyed", "writableFinished", "writableObjectMode", "writableEnded", "writable"];
const BUFFER_PROPERTIES = ["writableNeedDrain", "writableHighWaterMark", "writableCorked", "writableLength"];

/** The global of functions in Node.js. */
export const awslambda = {
	streamifyResponse(handler: Handler): Handler {
		return Object.assign(handler, { [STREAMING]: "response" });
	},
	HttpResponseStream: {
		from(stream: ResponseStream, prelude: object): ResponseStream {
			stream.setContentType(PRELUDE_TYPE);
			stream._onBeforeFirstWrite = (write) => {
				write(JSON.stringify(prelude));
				write(DELIMITER);
			};
			return stream;
		},
	},
};

/**
 * Runs handlers as the Node.js runtime of AWS Lambda does: the response is one chunked request to the Runtime API, which is a
 * server of this test, and what a handler throws becomes trailers of that request.
 */
export class LambdaRuntime {
	readonly #api: Server = createServer();

	static async start(): Promise<LambdaRuntime> {
		const runtime = new LambdaRuntime();
		runtime.#api.listen(0, "127.0.0.1");
		await once(runtime.#api, "listening");
		return runtime;
	}

	/** @throws if the response breaks off, so that Lambda has neither its end nor an error. */
	async invoke(handler: unknown, event: object, context: object = {}): Promise<Streamed> {
		if (!isStreaming(handler)) throw new Error("not a handler that streams");
		const { port } = this.#api.address() as AddressInfo; // of a server on TCP
		const headers = {
			"Lambda-Runtime-Function-Response-Mode": "streaming",
			"Transfer-Encoding": "chunked",
			Trailer: [ERROR_TYPE, "Lambda-Runtime-Function-Error-Body"],
		};
		const sent = request({ host: "127.0.0.1", port, method: "POST", agent: false, headers });
		sent.on("error", () => {}); // the server sees it as well
		const [streamed] = await Promise.all([this.#receive(), run(handler, event, sent, context)]);
		return streamed;
	}

	async #receive(): Promise<Streamed> {
		const [incoming, answer] = await once(this.#api, "request");
		const bytes = await buffer(incoming);
		answer.writeHead(202).end();
		return streamedIn(incoming, bytes);
	}

	close(): void {
		this.#api.close();
		this.#api.closeAllConnections();
	}
}

function isStreaming(handler: unknown): handler is Handler {
	return typeof handler === "function" && STREAMING in handler;
}

async function run(handler: Handler, event: object, sent: ClientRequest, context: object): Promise<void> {
	const answered = once(sent, "response").then(([response]) => response.resume());
	answered.catch(() => {}); // awaited below, unless the handler fails
	const stream = responseStream(sent);
	try {
		await handler(event, stream, context);
		await answered;
		if (!stream.writableFinished) throw new Error("Response stream is not finished.");
	} catch (error) {
		sent.addTrailers({ [ERROR_TYPE]: error instanceof Error ? error.name : "Error" });
		await new Promise<void>((resolve) => void sent.end(resolve));
	}
}

function responseStream(sent: ClientRequest): ResponseStream {
	const write = sent.write.bind(sent) as Write;
	let begun = false;
	const stream = {
		_onBeforeFirstWrite: undefined as ResponseStream["_onBeforeFirstWrite"],
		setContentType(contentType: string) {
			if (begun) throw new Error("Cannot set content-type, too late.");
			sent.setHeader("Content-Type", contentType);
		},
	};
	sent.write = ((...args: Parameters<Write>) => {
		if (!begun) stream._onBeforeFirstWrite?.(write);
		begun = true;
		return write(...args);
	}) as typeof sent.write;
	for (const name of [...METHODS, ...MORE_METHODS, ...LISTENER_METHODS, "eventNames"])
		Object.assign(stream, { [name]: Reflect.get(sent, name).bind(sent) });
	for (const name of [...PROPERTIES, ...BUFFER_PROPERTIES])
		Object.defineProperty(stream, name, { get: () => Reflect.get(sent, name) });
	return stream as typeof stream & Pick<ResponseStream, "writableFinished">;
}

/** Takes apart what an HTTP integration makes an answer of: JSON, eight zeros, the body. */
function streamedIn(incoming: IncomingMessage, bytes: Buffer): Streamed {
	if (incoming.headers["content-type"] !== PRELUDE_TYPE) throw new Error("a body without status and headers");
	const border = bytes.indexOf(DELIMITER);
	if (border < 0) throw new Error("nothing was written: not even status and headers have come");
	const { statusCode, headers } = JSON.parse(bytes.subarray(0, border).toString());
	const errorType = incoming.trailers[ERROR_TYPE.toLowerCase()];
	return { statusCode, headers, body: bytes.subarray(border + DELIMITER.byteLength), errorType };
}
