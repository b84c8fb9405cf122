/** Somebody could not be told. The message fits behind a colon. */
export class TellError extends Error {
	override readonly name = "TellError";
	/** Whether another try may do better. */
	readonly mayPass: boolean;

	constructor(message: string, { mayPass }: { readonly mayPass: boolean }) {
		super(message);
		this.mayPass = mayPass;
	}
}
