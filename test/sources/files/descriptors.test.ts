import { describe, expect, it } from "vitest";
import { withDescriptor } from "../../../src/sources/files/descriptors.ts";
import { namedPlace } from "../../../src/sources/files/place.ts";

function outOfDescriptors(): Error {
	return Object.assign(new Error("too many open files"), { code: "EMFILE" });
}

describe("withDescriptor", () => {
	it("makes a call again that found no descriptor", async () => {
		let calls = 0;
		const call = async () => {
			if (++calls === 1) throw outOfDescriptors();
			return "opened";
		};
		expect(await withDescriptor(call)).toBe("opened");
		expect(calls).toBe(2);
	});

	it("lets others pass when a call that had to wait is served, also those that it makes itself", async () => {
		let isFirst = true;
		const outer = namedPlace("outer").later(async () => {
			if (isFirst) {
				isFirst = false;
				throw outOfDescriptors();
			}
			let isFirstInner = true;
			return namedPlace("inner").later(async () => {
				if (!isFirstInner) return "opened";
				isFirstInner = false;
				throw outOfDescriptors();
			});
		});
		expect(await outer).toBe("opened");
	});

	it("waits no longer than its signal says, and lets the next one pass", async () => {
		const reason = new Error("enough");
		const controller = new AbortController();
		const call = () => Promise.reject(outOfDescriptors());
		const waiting = withDescriptor(call, { signal: controller.signal });
		controller.abort(reason);
		await expect(waiting).rejects.toBe(reason);
		expect(await withDescriptor(async () => "opened")).toBe("opened");
	});
});
