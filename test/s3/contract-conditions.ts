import { describe, expect, it } from "vitest";
import { type ContractBucket, refusal } from "./contract-bucket.ts";
import type { Differences } from "./differences.ts";

export function conditionContract(bucket: () => ContractBucket, differences: Differences): void {
	describe.runIf(differences.conditionalPut)("a conditional PutObject", () => {
		it("with If-None-Match: * writes only where there is nothing", async () => {
			await bucket().put("once", "first", { IfNoneMatch: "*" });
			expect(await refusal(bucket().put("once", "second", { IfNoneMatch: "*" }))).toBe("PreconditionFailed");
			expect((await bucket().read("once")).toString()).toBe("first");
		});

		it("with If-Match replaces only what it knows", async () => {
			const { ETag: etag = "" } = await bucket().put("known", "first");
			const ETag = differences.ifMatchTakesQuotes ? etag : etag.replaceAll('"', "");
			expect(await refusal(bucket().put("known", "x", { IfMatch: `"${"0".repeat(32)}"` }))).toBe(
				"PreconditionFailed",
			);
			await bucket().put("known", "second", { IfMatch: ETag });
			expect((await bucket().read("known")).toString()).toBe("second");
			expect(await refusal(bucket().put("known-not", "x", { IfMatch: ETag }))).toBe(
				differences.ifMatchOnNothing,
			);
		});
	});

	describe.runIf(differences.conditionalComplete !== undefined)(
		"a conditional CompleteMultipartUpload",
		() => {
			const upload = async (key: string, text: string, condition = {}) => {
				const id = await bucket().createUpload(key);
				const part = await bucket().uploadPart(key, id, 1, Buffer.from(text));
				return await bucket().complete(key, id, [part], condition);
			};

			it("with If-None-Match: * publishes only where there is nothing", async () => {
				await upload("once-in-parts", "first", { IfNoneMatch: "*" });
				expect(await refusal(upload("once-in-parts", "second", { IfNoneMatch: "*" }))).toBe(
					differences.conditionalComplete,
				);
				expect((await bucket().read("once-in-parts")).toString()).toBe("first");
				expect(await bucket().uploads("once-in-parts")).toHaveLength(1);
			});

			it.runIf(differences.conditionalCompleteByEtag)(
				"with If-Match replaces only what it knows",
				async () => {
					await upload("known-in-parts", "first");
					const { ETag = "" } = await bucket().head("known-in-parts");
					const other = `"${"0".repeat(32)}-1"`;
					expect(await refusal(upload("known-in-parts", "x", { IfMatch: other }))).toBe("PreconditionFailed");
					await upload("known-in-parts", "second", { IfMatch: ETag });
					expect((await bucket().read("known-in-parts")).toString()).toBe("second");
				},
			);
		},
	);
}
