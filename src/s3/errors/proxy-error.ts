/** A proxy on the way to the storage has not let a request through. */
export class ProxyError extends Error {
	override readonly name = "ProxyError";
	/** What went wrong, in a word for logs: a status of the proxy, or the system's code. */
	readonly code: string;
	/** Whether it may let the same request through later. */
	readonly mayPass: boolean;

	constructor(message: string, code: string, mayPass: boolean, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.code = code;
		this.mayPass = mayPass;
	}
}
