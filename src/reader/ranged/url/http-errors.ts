import { StorageError, ZipferryError } from "../../../errors.ts";
import { readSdkError } from "../../../s3/errors/sdk-error.ts";
import { shownUrl } from "./shown-url.ts";

/** A response that refuses, in the form that `readSdkError` knows: 5xx and 429 may pass. */
export class HttpStatusError extends Error {
	override readonly name = "HttpStatus";
	readonly $fault: "client" | "server";
	readonly $metadata: { readonly httpStatusCode: number };
	readonly $response: { readonly headers: Readonly<Record<string, string>> };
	readonly Code: string;

	constructor(status: number, words: string | undefined, headers: Readonly<Record<string, string>>) {
		super(words === undefined || words === "" ? `HTTP status ${status}` : `HTTP status ${status} (${words})`);
		this.$fault = status >= 500 ? "server" : "client";
		this.$metadata = { httpStatusCode: status };
		this.$response = { headers };
		this.Code = `HTTP ${status}`;
	}
}

/** The status of a response that refused; `undefined` for any other failure. */
export function statusOf(error: unknown): number | undefined {
	if (error instanceof StorageError) return error.facts.status;
	return error instanceof HttpStatusError ? error.$metadata.httpStatusCode : undefined;
}

/** Puts a failure of a request into one sentence. Errors of ours pass as they are. */
export function toHttpError(error: unknown, url: URL): unknown {
	if (error instanceof ZipferryError) return error;
	const { status, code, message, isNetwork, mayPass } = readSdkError(error);
	const where = shownUrl(url);
	const facts = { status, serverCode: code, cause: error };
	const said =
		code === "" || message.includes(code) || status !== undefined ? message : `${code}: ${message}`;
	if (status === undefined && (isNetwork || !mayPass))
		return new StorageError("NETWORK", `cannot reach the server of ${where}: ${said}`, facts);
	if (mayPass) return new StorageError("NETWORK", `${where} cannot be read despite retries: ${said}`, facts);
	return new StorageError("STORAGE_REFUSED", `the server refuses ${where}: ${said}`, facts);
}
