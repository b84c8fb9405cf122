import type { S3Client } from "@aws-sdk/client-s3";
import type { Connection } from "../../../src/s3/connection.ts";
import { type ProviderName, providerByName } from "../../../src/s3/providers.ts";

/** A request as the SDK gets it. */
export interface SentRequest {
	/** Such as `PutObject`. */
	readonly operation: string;
	readonly input: Readonly<Record<string, unknown>>;
}

/** A connection without a network: what each request is answered with, errors being thrown, and what was asked. */
export function scriptedStorage(
	answer: (request: SentRequest, count: number) => unknown,
	provider: ProviderName = "generic",
): { readonly connection: Connection; readonly requests: readonly SentRequest[] } {
	const requests: SentRequest[] = [];
	const send = async (command: { readonly input: SentRequest["input"]; readonly constructor: unknown }) => {
		const { name } = command.constructor as { readonly name: string };
		const request = { operation: name.replace(/Command$/, ""), input: command.input };
		requests.push(request);
		const result = answer(request, requests.length);
		if (result instanceof Error) throw result;
		return result;
	};
	// Only these are used.
	const client = { send, config: { credentials: async () => ({}) } } as unknown as S3Client;
	const connection = {
		client,
		patient: client,
		provider: providerByName(provider),
		endpoint: "http://127.0.0.1:1",
		close() {},
	};
	return { connection, requests };
}

/** What the SDK throws for an answer with this status. */
export function refusal(httpStatusCode: number, name: string): Error {
	return Object.assign(new Error(name), { name, $fault: "client", $metadata: { httpStatusCode } });
}
