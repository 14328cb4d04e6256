import { expect, it } from "vitest";
import { isPrivateAddress, privateAddressOf } from "./private-address.js";

it.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "255.255.255.255",
  "224.0.0.1",
  "::1",
  "::",
  "fe80::1%eth0",
  "fd00::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "ff02::1",
  "no address",
])("%s is private", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

it.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is public", (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});

it("resolves names, and takes addresses as URLs write them", async () => {
  expect(await privateAddressOf("localhost")).toMatch(/^(?:127\.0\.0\.1|::1)$/);
  expect(await privateAddressOf("[::1]")).toBe("::1");
  expect(await privateAddressOf(new URL("http://2130706433/").hostname)).toBe("127.0.0.1");
  expect(await privateAddressOf("8.8.8.8")).toBeUndefined();
});
