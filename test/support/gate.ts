/** A promise that the test settles when it wants to. */
export class Gate<T = void> {
	readonly passed: Promise<T>;
	open: (value: T) => void = () => {};
	fail: (reason: unknown) => void = () => {};

	constructor() {
		this.passed = new Promise<T>((resolve, reject) => {
			this.open = resolve;
			this.fail = reject;
		});
	}
}

/** Lets everything go on that can go on without timers and files. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
