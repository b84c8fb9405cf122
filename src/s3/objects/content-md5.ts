import { createHash } from "node:crypto";
import type { ServiceInputTypes, ServiceOutputTypes } from "@aws-sdk/client-s3";
import type { S3Command } from "../send.ts";

/**
 * Sends the MD5 of a document with it, which every storage knows, instead of the checksum of the SDK, which only
 * AWS is known to check.
 */
export function useContentMd5<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
	stack: S3Command<Input, Output>["middlewareStack"],
): void {
	stack.add(
		(next) => (args) => {
			const { request } = args;
			if (isDocument(request)) {
				for (const name of Object.keys(request.headers))
					if (/^x-amz-(sdk-)?checksum-/i.test(name)) delete request.headers[name];
				request.headers["content-md5"] = createHash("md5").update(request.body).digest("base64");
			}
			return next(args);
		},
		{ step: "build", priority: "low", name: "zipferryContentMd5" },
	);
}

interface DocumentRequest {
	readonly headers: Record<string, string>;
	readonly body: string | Uint8Array;
}

function isDocument(request: unknown): request is DocumentRequest {
	if (typeof request !== "object" || request === null || !("headers" in request) || !("body" in request))
		return false;
	return typeof request.body === "string" || request.body instanceof Uint8Array;
}
