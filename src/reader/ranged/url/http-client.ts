import * as http from "node:http";
import * as https from "node:https";
import { onAbort } from "../../../async/abort-listeners.ts";
import { StorageError } from "../../../errors.ts";
import { type Agents, makeAgents } from "../../../s3/client/agents.ts";
import { findAuthorities } from "../../../s3/client/authorities.ts";
import { loadProxies, type Proxies } from "../../../s3/client/proxies/load-proxies.ts";
import type { ConnectSettings } from "../../../s3/options.ts";
import { routeTo } from "./route.ts";
import { shownUrl } from "./shown-url.ts";

/** A response whose head has come. Its body has to be read or destroyed. */
export interface HttpAnswer {
	readonly status: number;
	readonly headers: http.IncomingHttpHeaders;
	readonly body: http.IncomingMessage;
	/** Where it came from, after redirects. */
	readonly url: URL;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

/** What {@link HttpClient} needs to know. */
export type HttpSettings = Pick<ConnectSettings, "connectTimeoutMs" | "readTimeoutMs" | "caFile" | "profile">;

/**
 * Sends requests by Node's own client. `fetch` would decompress bodies without being asked, and has no option for a certificate
 * authority, or for how long to wait.
 */
export class HttpClient {
	readonly #agents: Agents;
	readonly #proxies: Proxies | undefined;
	readonly #settings: HttpSettings;

	private constructor(agents: Agents, proxies: Proxies | undefined, settings: HttpSettings) {
		this.#agents = agents;
		this.#proxies = proxies;
		this.#settings = settings;
	}

	/** @throws {InvalidOptionError} for a file without certificates, or a proxy that cannot be used. */
	static async create(settings: HttpSettings): Promise<HttpClient> {
		const { connectTimeoutMs, caFile, profile } = settings;
		const authorities = await findAuthorities(caFile, profile);
		const proxies = await loadProxies(process.env);
		// Whoever leaves a body unread for long must not make others wait for its connection.
		const maxSockets = Number.POSITIVE_INFINITY;
		return new HttpClient(
			makeAgents({ maxSockets, handshakeTimeoutMs: connectTimeoutMs, authorities, proxies }),
			proxies,
			settings,
		);
	}

	/**
	 * Sends one request, and follows redirects. User and password of the URL are for its own host only.
	 *
	 * @throws failures of the network, as Node has them.
	 * @throws {StorageError} `STORAGE_REFUSED` for redirects that are not followed.
	 */
	async request(
		method: "GET" | "HEAD",
		url: URL,
		headers: Readonly<Record<string, string>>,
		signal: AbortSignal | undefined,
	): Promise<HttpAnswer> {
		let current = url;
		for (let count = 0; ; count++) {
			const credentials = current.host === url.host ? basicAuth(url) : {};
			const body = await this.#send(method, current, { ...headers, ...credentials }, signal);
			const { statusCode: status = 0, headers: answered } = body;
			const { location } = answered;
			if (!REDIRECTS.has(status) || location === undefined)
				return { status, headers: answered, body, url: current };
			body.destroy();
			current = redirected(current, location, count);
		}
	}

	#send(
		method: string,
		url: URL,
		headers: http.OutgoingHttpHeaders,
		signal: AbortSignal | undefined,
	): Promise<http.IncomingMessage> {
		const { connectTimeoutMs, readTimeoutMs } = this.#settings;
		const { secure, headers: added, ...where } = routeTo(url, this.#proxies?.proxyFor);
		const agent = secure ? this.#agents.httpsAgent : this.#agents.httpAgent;
		const options = { ...where, method, headers: { ...headers, ...added }, agent };
		return new Promise((resolve, reject) => {
			const request = (secure ? https : http).request(options);
			let timer: NodeJS.Timeout | undefined;
			const limit = (ms: number, message: string) => {
				clearTimeout(timer);
				timer = setTimeout(() => request.destroy(timeout(message)), ms);
			};
			const release = onAbort(signal, (reason) => request.destroy(asError(reason)));
			const settled = () => {
				clearTimeout(timer);
				release();
			};
			request.once("socket", (socket) => {
				const awaitAnswer = () => limit(readTimeoutMs, `no response within ${readTimeoutMs} ms`);
				if (!socket.connecting) return awaitAnswer();
				limit(connectTimeoutMs, `no connection within ${connectTimeoutMs} ms`);
				socket.once("connect", awaitAnswer);
			});
			request.once("response", (response) => {
				settled();
				watch(response, readTimeoutMs, signal);
				resolve(response);
			});
			request.on("error", (error) => {
				settled();
				reject(error);
			});
			request.end();
		});
	}

	/** Ends all connections, with what is under way on them. */
	close(): void {
		this.#agents.httpAgent.destroy();
		this.#agents.httpsAgent.destroy();
	}
}

/** How often a silent body is looked at until its time is over. */
const LOOKS = 4;

/** Ends a body that falls silent while somebody waits for it, or when the signal aborts. */
function watch(body: http.IncomingMessage, readTimeoutMs: number, signal: AbortSignal | undefined): void {
	let silent = 0;
	let seen = body.socket.bytesRead;
	const timer = setInterval(() => {
		const { bytesRead } = body.socket;
		// Unread bytes mean that the reader takes its time, and not the server.
		silent = bytesRead === seen && body.readableLength === 0 ? silent + 1 : 0;
		seen = bytesRead;
		if (silent >= LOOKS) body.destroy(timeout(`no byte within ${readTimeoutMs} ms`));
	}, readTimeoutMs / LOOKS);
	const release = onAbort(signal, (reason) => body.destroy(asError(reason)));
	body.once("close", () => {
		clearInterval(timer);
		release();
	});
}

function redirected(from: URL, location: string, count: number): URL {
	const refuse = (reason: string) => {
		throw new StorageError("STORAGE_REFUSED", `${shownUrl(from)} redirects ${reason}`);
	};
	if (count >= MAX_REDIRECTS) refuse("again and again");
	if (!URL.canParse(location, from.href)) refuse("to an address that is none");
	const to = new URL(location, from);
	if (to.protocol !== "https:" && to.protocol !== "http:") refuse(`to an address of ${to.protocol}`);
	if (from.protocol === "https:" && to.protocol === "http:") refuse("to an address that is not encrypted");
	return to;
}

function basicAuth({ username, password }: URL): { authorization?: string } {
	if (username === "" && password === "") return {};
	const pair = `${decoded(username)}:${decoded(password)}`;
	return { authorization: `Basic ${Buffer.from(pair, "utf8").toString("base64")}` };
}

/** A `%` that encodes nothing stands for itself, as for curl. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function timeout(message: string): Error {
	return Object.assign(new Error(message), { name: "TimeoutError" });
}

function asError(reason: unknown): Error {
	return reason instanceof Error ? reason : new Error(String(reason));
}
