/** A proxy on the way to the storage has not let a request through. */
export class ProxyError extends Error {
	override readonly name = "ProxyError";
	/** Whether it may let the same request through later. */
	readonly mayPass: boolean;

	constructor(message: string, mayPass: boolean, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.mayPass = mayPass;
	}
}
