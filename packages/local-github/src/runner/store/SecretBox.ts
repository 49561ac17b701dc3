// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sodium from 'libsodium-wrappers';

interface StoredKeys {
  publicKey: string;
  privateKey: string;
}

/**
 * The key pair that secrets are sealed with (libsodium `crypto_box_seal`, as GitHub's API asks of its clients). Secrets
 * stay sealed in the database; the private key is in one file of mode 0600.
 */
export class SecretBox {
  #keys?: StoredKeys;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async publicKey(): Promise<{ keyId: string; key: string }> {
    const { publicKey } = await this.#load();
    return {
      keyId: createHash('sha256').update(publicKey).digest('hex').slice(0, 18),
      key: publicKey,
    };
  }

  /** @throws if the value was not sealed with this public key. */
  async open(encryptedValue: string): Promise<string> {
    const { publicKey, privateKey } = await this.#load();
    const base64 = sodium.base64_variants.ORIGINAL;
    return sodium.to_string(
      sodium.crypto_box_seal_open(
        sodium.from_base64(encryptedValue, base64),
        sodium.from_base64(publicKey, base64),
        sodium.from_base64(privateKey, base64),
      ),
    );
  }

  async #load(): Promise<StoredKeys> {
    await sodium.ready;
    if (!this.#keys) {
      this.#keys = this.#read() ?? this.#create();
    }
    return this.#keys;
  }

  #read(): StoredKeys | undefined {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch {
      return undefined;
    }
  }

  #create(): StoredKeys {
    const pair = sodium.crypto_box_keypair();
    const base64 = sodium.base64_variants.ORIGINAL;
    const keys = {
      publicKey: sodium.to_base64(pair.publicKey, base64),
      privateKey: sodium.to_base64(pair.privateKey, base64),
    };
    mkdirSync(path.dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(keys), { mode: 0o600 });
    return keys;
  }
}
