import type { S3Client } from "@aws-sdk/client-s3";
import type { Connection } from "../../../src/s3/connection.ts";
import { type ProviderName, providerByName } from "../../../src/s3/providers.ts";

type Input = Readonly<Record<string, unknown>>;

/** One request to a {@link FakeStorage}. */
export interface FakeRequest {
	readonly input: Input;
	/** Of this operation, counted from 1. */
	readonly occurrence: number;
	readonly signal: AbortSignal | undefined;
}

/** What is answered: an error is thrown. */
type Handler = (request: FakeRequest) => object | Promise<object>;

/** A refusal, or a failure, as the SDK throws it. */
export function refusal(status: number, code: string): Error {
	return Object.assign(new Error(`${code} it is`), {
		name: code,
		$fault: "client",
		$metadata: { httpStatusCode: status },
	});
}

/** A connection that broke before there was an answer. */
export const lostAnswer = (): Error => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

/** An answer that never comes: the request ends as it is aborted. */
export function noAnswer({ signal }: FakeRequest): Promise<object> {
	return new Promise((_, reject) => {
		signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
	});
}

/** A storage in this process, without a network: it answers each S3 operation as a test says. */
export class FakeStorage {
	/** Operations in the order in which they came. */
	readonly asked: string[] = [];
	/** What each of them said. */
	readonly inputs: Input[] = [];
	readonly #handlers: Readonly<Record<string, Handler>>;

	constructor(handlers: Readonly<Record<string, Handler>>) {
		this.#handlers = {
			AbortMultipartUpload: () => ({}),
			ListParts: () => refusal(404, "NoSuchUpload"),
			DeleteObject: () => ({}),
			...handlers,
		};
	}

	connection(provider: ProviderName = "generic"): Connection {
		const client = { send: this.#send, config: { credentials: async () => ({}) } } as unknown as S3Client;
		return { client, patient: client, provider: providerByName(provider), endpoint: undefined, close() {} };
	}

	readonly #send = async (
		command: { readonly constructor: { readonly name: string }; readonly input: Input },
		options: { readonly abortSignal?: AbortSignal } = {},
	): Promise<object> => {
		const operation = command.constructor.name.replace(/Command$/, "");
		options.abortSignal?.throwIfAborted();
		this.asked.push(operation);
		this.inputs.push(command.input);
		const handler = this.#handlers[operation];
		if (handler === undefined) throw new Error(`nobody expected ${operation}`);
		const occurrence = this.asked.filter((name) => name === operation).length;
		const answer = await handler({ input: command.input, occurrence, signal: options.abortSignal });
		if (answer instanceof Error) throw answer;
		return answer;
	};
}
