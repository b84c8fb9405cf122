import type { ErrorAnswer } from "./errors.ts";

/** An operation that is about to run. */
export interface FaultRequest {
	/** As in the S3 API: `"UploadPart"`. */
	readonly operation: string;
	readonly bucket: string;
	readonly key: string;
	/** How many requests for this operation there were, this one included. */
	readonly occurrence: number;
	readonly partNumber?: number;
}

/**
 * What happens to a request instead of, or after, its operation:
 * - an error is answered; status 200 gives an error document under "200 OK", as AWS sends from Complete;
 * - `destroy`: the connection is reset before the body is read;
 * - `hang`: nothing happens, ever;
 * - `loseAnswer`: the operation is carried out, then the connection is reset instead of the answer.
 */
export type Fault =
	| ErrorAnswer
	| { readonly destroy: true }
	| { readonly hang: true }
	| { readonly loseAnswer: true };

export type FaultHook = (request: FaultRequest) => Fault | undefined | Promise<Fault | undefined>;

/** Counts the requests and asks the hook about each. */
export class Faults {
	readonly #hook: FaultHook | undefined;
	readonly #occurrences = new Map<string, number>();

	constructor(hook: FaultHook | undefined) {
		this.#hook = hook;
	}

	async next(request: Omit<FaultRequest, "occurrence">): Promise<Fault | undefined> {
		const occurrence = (this.#occurrences.get(request.operation) ?? 0) + 1;
		this.#occurrences.set(request.operation, occurrence);
		return await this.#hook?.({ ...request, occurrence });
	}
}
