import type { ServerResponse } from "node:http";
import { SourceError, StorageError } from "../../errors.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import type { Message } from "../pages/message-page.ts";
import { sendMessage } from "./send-page.ts";

/** Refusals that need nobody's attention, by their status. */
const REFUSALS = {
	400: { title: "Malformed request", text: "The address of this request is malformed." },
	401: { title: "Sign in", text: "This server asks for a user and a password." },
	403: { title: "Not readable", text: "The server is not allowed to read this." },
	404: { title: "Not found", text: "There is nothing at this address." },
	405: { title: "Not allowed", text: "This server answers GET and HEAD only." },
	421: {
		title: "Not this server",
		text: "This server answers to the names of this machine only, such as localhost.",
	},
	500: { title: "Failed", text: "The server could not read this; its log says why." },
	502: {
		title: "Storage failed",
		text: "The storage behind this server gave no good answer; its log says why.",
	},
	503: { title: "Not now", text: "This is being changed, or the server has too much open. Try again soon." },
} as const satisfies Readonly<Record<number, Message>>;

type Refusal = keyof typeof REFUSALS;

export function refuse(response: ServerResponse, status: Refusal): void {
	sendMessage(response, status, REFUSALS[status]);
}

/** The status for an error that came up before anything was sent. */
export function statusOf(error: unknown): Refusal {
	if (error instanceof StorageError) return 502;
	const cause = error instanceof SourceError ? (error.cause ?? error) : error;
	const code = errorCode(cause) ?? "";
	if (["EACCES", "EPERM"].includes(code)) return 403;
	if (["EMFILE", "ENFILE"].includes(code)) return 503;
	if (["ENOENT", "ENOTDIR", "ELOOP"].includes(code)) return 404;
	if (!(error instanceof SourceError)) return 500;
	if (error.code === "SOURCE_CHANGED") return 503;
	if (error.code === "SOURCE_NOT_FOUND") return 404;
	return 500;
}
