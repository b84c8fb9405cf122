import type { Fault, FaultRequest } from "../../localstack/strict-s3/local-s3.ts";

type Answer = Fault | Promise<undefined> | undefined;

/** What happens to requests of an embedded server; a test sets it. */
export class FaultSwitch {
	/** What happens to a request, or what it has to wait for. */
	next: (request: FaultRequest) => Answer = () => undefined;
	/** Resolves with the first request that something happens to. */
	readonly reached: Promise<FaultRequest>;
	#tell: (request: FaultRequest) => void = () => {};

	constructor() {
		this.reached = new Promise((resolve) => {
			this.#tell = resolve;
		});
	}

	/** For the options of the server. */
	readonly onRequest = (request: FaultRequest): Answer => {
		const answer = this.next(request);
		if (answer !== undefined) this.#tell(request);
		return answer;
	};
}
