import { afterAll } from "vitest";
import { serverContract } from "./server-contract.ts";
import { contractServer } from "./servers.ts";

const server = await contractServer();

serverContract(server);

afterAll(() => server.stop());
