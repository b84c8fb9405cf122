import type { IncomingMessage, ServerResponse } from "node:http";
import { requestController } from "../../async/request-controller.ts";
import { refuse, statusOf } from "../answers/send-failure.ts";
import { redirectToFolder, sendSite } from "../answers/send-site.ts";
import { sentSizeOf } from "../answers/sent-body.ts";
import type { SiteParts } from "../answers/site-request.ts";
import { CHALLENGE, type CheckAuth } from "../request/basic-auth.ts";
import { namesLoopback } from "../request/host-names.ts";
import { readTarget } from "../request/served-target.ts";
import type { ServeEvent } from "./serve-events.ts";

/** What a server knows when a request comes in. */
export interface RequestSettings extends SiteParts {
	/** `undefined` lets everybody in. */
	readonly checkAuth: CheckAuth | undefined;
	/** Whether it answers to names of this machine only. */
	readonly loopbackOnly: boolean;
	readonly onEvent: (event: ServeEvent) => void;
}

/** The client went away, or the server is being stopped. */
class ClientGone extends Error {
	override readonly name = "ClientGone";
}

/** Answers requests, whatever comes up: no error of one request reaches another, or ends the server. */
export function requestHandler(
	settings: RequestSettings,
): (request: IncomingMessage, response: ServerResponse) => void {
	return (request, response) => {
		const gone = requestController();
		const startedAt = performance.now();
		const client = request.socket.remoteAddress;
		response.on("error", () => {}); // the client is gone, which `close` says as well
		response.on("close", () => {
			gone.abort(new ClientGone("the client closed the connection"));
			settings.onEvent({
				type: "request",
				request: {
					method: request.method ?? "",
					target: request.url ?? "",
					client,
					status: response.statusCode,
					sentSize: sentSizeOf(response),
					elapsedMs: Math.round(performance.now() - startedAt),
					complete: response.writableFinished,
				},
			});
		});
		answer(request, response, settings, gone.signal).catch((error: unknown) => {
			if (gone.signal.aborted) return;
			fail(request, response, error, settings);
		});
	};
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	settings: RequestSettings,
	signal: AbortSignal,
): Promise<void> {
	const { method = "", headers, url = "" } = request;
	setCommonHeaders(response);
	if (settings.loopbackOnly && !namesLoopback(headers.host)) return refuse(response, 421);
	if (settings.checkAuth?.(headers.authorization) === false) {
		response.setHeader("www-authenticate", CHALLENGE);
		return refuse(response, 401);
	}
	if (method !== "GET" && method !== "HEAD") {
		response.setHeader("allow", "GET, HEAD");
		return refuse(response, 405);
	}
	const target = readTarget(url);
	if (typeof target === "number") return refuse(response, target);
	const found = await settings.tree.look(target.path, target.isFolder, signal);
	if (found === undefined) return refuse(response, 404);
	if (found === "folder" && !target.isFolder) return redirectToFolder(response, target);
	if (found !== "folder" && target.isFolder) return refuse(response, 404);
	await sendSite({ request, response, target, found, signal }, settings);
}

/** Headers of every answer: nothing is guessed, embedded by others, or told to them. */
function setCommonHeaders(response: ServerResponse): void {
	response.setHeader("x-content-type-options", "nosniff");
	response.setHeader("referrer-policy", "no-referrer");
	response.setHeader("cross-origin-resource-policy", "same-origin");
	response.setHeader("x-frame-options", "DENY");
}

/** Where nothing has gone out yet, a page says so; otherwise the connection is cut, so that the client sees a failure. */
function fail(
	request: IncomingMessage,
	response: ServerResponse,
	error: unknown,
	{ onEvent }: RequestSettings,
): void {
	onEvent({ type: "failure", target: request.url ?? "", error });
	if (response.headersSent) {
		response.destroy(); // if that has not been done yet
		return;
	}
	for (const name of response.getHeaderNames()) if (!name.startsWith("x-")) response.removeHeader(name); // those of the answer that failed
	refuse(response, statusOf(error));
}
