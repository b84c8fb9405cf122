import { once } from "node:events";
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import { type ErrorAnswer, S3Error } from "./errors.ts";
import type { Faults } from "./faults.ts";
import { type Exchange, sendAnswer, sendError } from "./http/answer.ts";
import { Query } from "./http/query.ts";
import { RequestBody } from "./http/request-body.ts";
import { type Authentication, authenticate, type Identity } from "./http/signature.ts";
import { hoistedHeaders } from "./http/signature-claim.ts";
import type { Answer, OperationRequest, Stores } from "./operation.ts";
import { type RequestRecord, remember } from "./request-log.ts";
import { assertUnderstood, findRoute } from "./router.ts";
import type { Route } from "./routes.ts";
import { MiB } from "./units.ts";

export interface ServerOptions {
	readonly identity: Identity;
	readonly stores: Stores;
	readonly faults: Faults;
	readonly log: RequestRecord[];
}

/** An HTTP server that speaks S3, not listening yet, and the exchanges it has under way. */
export interface S3Server {
	readonly http: Server;
	readonly underWay: ReadonlySet<Promise<void>>;
}

type Name = Pick<RequestRecord, "operation" | "bucket" | "key" | "partNumber">;
type Outcome = { readonly answer: Answer } | { readonly error: ErrorAnswer } | "reset" | "hang";

const READ_BUFFER_SIZE = MiB;

export function createS3Server(options: ServerOptions): S3Server {
	const underWay = new Set<Promise<void>>();
	const handle = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
		// Clients go away; the operation sees it when it reads or writes.
		request.on("error", () => {});
		response.on("error", () => {});
		const done = serve({ request, response, awaitsContinue, received: 0 }, options);
		underWay.add(done);
		void done.finally(() => underWay.delete(done));
	};
	// A part may take as long as it takes, so there is no limit on the time of a request.
	const http = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000, highWaterMark: READ_BUFFER_SIZE });
	http.on("request", (request, response) => handle(request, response, false));
	http.on("checkContinue", (request, response) => handle(request, response, true));
	return { http, underWay };
}

/** Never rejects: whatever happens is answered, or ends the connection. */
async function serve(exchange: Exchange, options: ServerOptions): Promise<void> {
	const { request, response } = exchange;
	let name: Name = { operation: "Unknown", bucket: "", key: "" };
	const outcome = await run(exchange, options, (found) => {
		name = found;
	}).catch((error: unknown): Outcome => ({ error: toErrorAnswer(error) }));
	// On record before it is sent, so that whoever has the answer finds it there.
	remember(options.log, { ...name, status: statusOf(outcome), bytes: exchange.received });
	response.setHeader("date", options.stores.now().toUTCString());
	try {
		if (outcome === "reset") request.socket.resetAndDestroy();
		else if (outcome === "hang") await closed(request);
		else if ("answer" in outcome) await sendAnswer(exchange, outcome.answer);
		else await sendError(exchange, outcome.error);
	} catch {
		response.destroy();
	}
}

async function run(
	exchange: Exchange,
	options: ServerOptions,
	found: (name: Name) => void,
): Promise<Outcome> {
	const { request } = exchange;
	const { stores, identity, faults } = options;
	const method = request.method ?? "";
	const { path, query, bucket, key } = parseUrl(request.url ?? "/");
	const headers = { ...hoistedHeaders(query), ...request.headers };
	const target = { method, bucket, key, query, headers };
	const candidate = findRoute(target);
	const partNumber = Number(query.get("partNumber"));
	const name = {
		operation: candidate?.name ?? "Unknown",
		bucket,
		key,
		...(Number.isSafeInteger(partNumber) && partNumber > 0 ? { partNumber } : {}),
	};
	found(name);

	const signed = { method, path, query, headers: request.headers };
	const authentication = await authenticate(signed, identity, stores.now());
	const route = assertUnderstood(candidate, target);
	const fault = await faults.next(name);
	if (fault !== undefined) {
		if ("status" in fault) return { error: fault };
		if ("destroy" in fault) return "reset";
		if ("hang" in fault) return "hang";
	}
	const answer = await operate(exchange, route, { ...target, authentication }, stores);
	return fault === undefined ? { answer } : "reset";
}

async function operate(
	exchange: Exchange,
	route: Route,
	request: Omit<OperationRequest, "body"> & { readonly authentication: Authentication },
	stores: Stores,
): Promise<Answer> {
	const { bucket, headers, authentication } = request;
	if (route.target !== "service" && route.name !== "CreateBucket" && !stores.objects.hasBucket(bucket)) {
		throw new S3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket });
	}
	const body = new RequestBody({
		headers: route.checksumsOfObject === true ? withoutChecksums(headers) : headers,
		chunks: bodyOf(exchange),
		authentication,
		maxSize: stores.limits.maxRequestBodyBytes,
	});
	return await route.run({ ...request, body }, stores);
}

function withoutChecksums(headers: IncomingHttpHeaders): IncomingHttpHeaders {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("x-amz-checksum-")));
}

async function* bodyOf(exchange: Exchange): AsyncGenerator<Uint8Array, void, void> {
	if (exchange.awaitsContinue) exchange.response.writeContinue();
	exchange.awaitsContinue = false;
	// An iterator that destroys the request would close the connection before the error is answered.
	for await (const chunk of exchange.request.iterator({ destroyOnReturn: false })) {
		exchange.received += Buffer.byteLength(chunk);
		yield chunk;
	}
}

function parseUrl(url: string): { path: string; query: Query; bucket: string; key: string } {
	const separator = url.indexOf("?");
	const path = separator < 0 ? url : url.slice(0, separator);
	const query = new Query(separator < 0 ? "" : url.slice(separator + 1));
	const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
	return { path, query, bucket: decode(bucket), key: decode(key) };
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch (cause) {
		throw Object.assign(new S3Error("InvalidURI", "Couldn't parse the specified URI."), { cause });
	}
}

function toErrorAnswer(error: unknown): ErrorAnswer {
	return error instanceof S3Error
		? error
		: new S3Error("InternalError", `We encountered an internal error: ${error}`);
}

function statusOf(outcome: Outcome): number {
	if (typeof outcome === "string") return 0;
	return "answer" in outcome ? outcome.answer.status : outcome.error.status;
}

async function closed({ socket }: IncomingMessage): Promise<void> {
	if (!socket.destroyed) await once(socket, "close");
}
