import { expect, it } from "vitest";
import { FairShare } from "../../../src/archive/layout/fair-share.ts";

it("gives few users all that helps them, and many a part of the whole, but never nothing", () => {
	const share = new FairShare(100);
	expect(share.upTo(16)).toBe(16);
	for (let users = 0; users < 10; users++) share.enter();
	expect([share.upTo(16), share.upTo(4)]).toEqual([10, 4]);
	for (let users = 10; users < 500; users++) share.enter();
	expect(share.upTo(16)).toBe(1);
	for (let users = 500; users > 5; users--) share.leave();
	expect(share.upTo(16)).toBe(16);
});
