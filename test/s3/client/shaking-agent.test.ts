import { Agent, createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeAgents } from "../../../src/s3/client/agents.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();

test("certificates of authorities are read once for all connections", async () => {
	const { cert, key } = await makeCertificate(directory.path(), "IP:127.0.0.1");
	const server = createServer({ cert, key }, (_, response) => response.end("here"));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => void server.close());
	const authorities = [cert.toString()];
	const settings = { maxSockets: 4, handshakeTimeoutMs: 10_000, authorities, proxies: undefined };
	const { httpsAgent: agent } = makeAgents(settings);
	onTestFinished(() => agent.destroy());
	const creating = vi.spyOn(Agent.prototype, "createConnection");
	onTestFinished(() => creating.mockRestore());

	const { port } = server.address() as AddressInfo;
	const ask = () =>
		new Promise((resolve, reject) => {
			const options = { host: "127.0.0.1", port, agent };
			get(options, (response) => resolve(response.resume().statusCode)).on("error", reject);
		});
	expect(await Promise.all([ask(), ask()])).toEqual([200, 200]);
	const [first, second] = creating.mock.calls.map(
		([options]) => (options as { secureContext?: object }).secureContext,
	);
	expect(first).toBeDefined();
	expect(second).toBe(first);
});
