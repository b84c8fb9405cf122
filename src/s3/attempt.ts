import type { RequestEvent } from "../events.ts";
import { shorten } from "../secrets/shorten.ts";
import type { RawAnswer } from "./answers.ts";

/** Characters of an id, which a server may have made up. */
const LONGEST_ID = 200;

/** Collects what there is to say of one attempt of a request. */
export class Attempt {
	/** The last response; the SDK may follow a redirect to another region within an attempt. */
	answer: Pick<RawAnswer, "status" | "headers"> | undefined;
	/** Code of the failure. */
	failure: string | undefined;
	readonly #input: object;
	readonly #operation: string;
	readonly #number: number;
	readonly #startedAt = performance.now();
	#sentSize = 0;

	/** @param number - From 1; 0 stands for none yet. */
	constructor(input: object, operation: string, number: number) {
		this.#input = input;
		this.#operation = operation;
		this.#number = number;
	}

	/** The attempt behind this one, which starts now. */
	next(): Attempt {
		return new Attempt(this.#input, this.#operation, this.#number + 1);
	}

	/** Sees the request as it goes out. */
	noteSize(args: object): void {
		const { headers = {} } = ("request" in args ? args.request : {}) as { headers?: Record<string, string> };
		this.#sentSize = Number(headers["content-length"] ?? 0);
	}

	end(): RequestEvent {
		const { PartNumber } = this.#input as { PartNumber?: number };
		const { status, headers = {} } = this.answer ?? {};
		const id = headers["x-amz-request-id"];
		// In the answer to a HEAD it is the size of an object that does not come along.
		const size = this.#operation.startsWith("Head") ? undefined : headers["content-length"];
		return {
			type: "request",
			operation: this.#operation,
			partNumber: PartNumber,
			attempt: this.#number,
			status,
			sentSize: this.#sentSize,
			receivedSize: size === undefined ? undefined : Number(size),
			elapsedMs: Math.round(performance.now() - this.#startedAt),
			// A server may have put secrets into it. Looking for them takes longer than all else here, and few want to know it.
			get requestId() {
				return id && shorten(id, LONGEST_ID);
			},
			failure: this.failure,
		};
	}
}
