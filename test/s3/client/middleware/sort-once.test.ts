import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { sortOnce } from "../../../../src/s3/client/middleware/sort-once.ts";

/** A client that sends nothing, and notes what its requests go through. */
function clientThat({ once }: { readonly once: boolean }) {
	const handle = async () => ({ response: { statusCode: 200, headers: { etag: '"e"' }, body: undefined } });
	const requestHandler = { handle, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}) };
	const credentials = { accessKeyId: "a", secretAccessKey: "s" };
	const client = new S3Client({ region: "r", credentials, requestHandler: requestHandler as never });
	const seen: string[] = [];
	const noting = (name: string) => {
		return <Args, Result>(next: (args: Args) => Result) =>
			(args: Args): Result => {
				seen.push(name);
				return next(args);
			};
	};
	client.middlewareStack.add(noting("built"), { step: "build" });
	client.middlewareStack.add(noting("first"), { step: "initialize", priority: "high" });
	client.middlewareStack.addRelativeTo(noting("behind signing"), {
		relation: "after",
		toMiddleware: "awsAuthMiddleware",
	});
	if (once) sortOnce(client.middlewareStack);
	return { client, seen, noting };
}

describe("sortOnce", () => {
	it("leaves the order in which a request goes through its middleware as it is", async () => {
		const seen = await Promise.all(
			[false, true].map(async (once) => {
				const { client, seen, noting } = clientThat({ once });
				for (const name of ["of one", "of another"]) {
					const command = new HeadObjectCommand({ Bucket: "b", Key: "k" });
					command.middlewareStack.add(noting(name), { step: "deserialize", priority: "low" });
					command.middlewareStack.add(noting(`${name}, early`), { step: "initialize" });
					await client.send(command, {});
				}
				return seen;
			}),
		);
		expect(seen[1]).toEqual(seen[0]);
		expect(seen[1]).toContain("of another, early");
		expect(seen[1]?.filter((name) => name === "of one")).toHaveLength(1);
	});

	it("does not sort for each request", async () => {
		const { client } = clientThat({ once: true });
		const { sort } = Array.prototype;
		let sorts = 0;
		Array.prototype.sort = function <Item>(this: Item[], compare?: (a: Item, b: Item) => number): Item[] {
			if (this.some((item) => typeof item === "object" && item !== null && "middleware" in item)) sorts += 1;
			return sort.call(this, compare);
		};
		try {
			for (const key of ["a", "b", "c"])
				await client.send(new HeadObjectCommand({ Bucket: "b", Key: key }), {});
			expect(sorts).toBe(1);
			await client.send(new GetObjectCommand({ Bucket: "b", Key: "k" }), {}).catch(() => {});
			expect(sorts).toBe(2);
		} finally {
			Array.prototype.sort = sort;
		}
	});

	it("takes in what a client is given later, and leaves out what is taken away", async () => {
		const { client, seen, noting } = clientThat({ once: true });
		const head = () => client.send(new HeadObjectCommand({ Bucket: "b", Key: "k" }), {});
		await head();
		const late = noting("late");
		client.middlewareStack.add(late, { step: "build", name: "late" });
		await head();
		expect(seen.filter((name) => name === "late")).toHaveLength(1);
		client.middlewareStack.remove("late");
		await head();
		expect(seen.filter((name) => name === "late")).toHaveLength(1);
		expect(seen.filter((name) => name === "first")).toHaveLength(3);
	});
});
