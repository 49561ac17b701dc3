// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const backoffSchema = z.object({ firstMs: z.number(), maxMs: z.number() });

/** What the kubelet's process reads from its standard input; the shape is {@link KubeletOptions}. */
export const kubeletOptionsSchema = z.object({
  server: z.url(),
  tokenFile: z.string(),
  schedulerTokenFile: z.string().optional(),
  caFile: z.string(),
  nodeName: z.string(),
  rootDir: z.string(),
  images: z.object({
    folder: z.string(),
    registry: z
      .object({
        url: z.url(),
        pullToken: z.string(),
        standsInFor: z.array(z.string()),
        uv: z.string(),
        cacheDir: z.string(),
      })
      .optional(),
  }),
  kubeletPort: z.number(),
  clientCaFile: z.string(),
  certFile: z.string(),
  keyFile: z.string(),
  podNetworkSocket: z.string(),
  podProxyPort: z.number(),
  podProxyCredentials: z.object({
    user: z.string().min(1),
    password: z.string().min(16),
  }),
  containerPorts: z.tuple([z.number(), z.number()]),
  restartBackoff: backoffSchema.default({ firstMs: 10_000, maxMs: 300_000 }),
  memoryCheckMs: z.number().default(2_000),
  controlGroups: z.boolean().default(true),
  shutdownGraceMs: z.number().default(3_000),
  adoptionMs: z.number().default(30_000),
});

/** How a kubelet is run. */
export interface KubeletOptions {
  /** Address of the API server, for example `https://127.0.0.1:6443`. */
  server: string;
  /** The node's token; the rights that it needs are in the README. */
  tokenFile: string;
  /** The token that pods are bound with, where it is another. */
  schedulerTokenFile?: string;
  /** Certificate authority of the API server, PEM. */
  caFile: string;
  nodeName: string;
  /** Keeps pods' folders, readable for this user only. */
  rootDir: string;
  /** Where images come from: a folder of them, see FolderImageStore, and a registry. */
  images: {
    folder: string;
    registry?: {
      url: string;
      pullToken: string;
      /** Registries whose names it answers to. */
      standsInFor: string[];
      /** Path of uv, and where it keeps environments: those of images are made with it. */
      uv: string;
      cacheDir: string;
    };
  };
  /** Port of the kubelet's own API, over TLS. */
  kubeletPort: number;
  /** Who may call it has a certificate of this authority, PEM. */
  clientCaFile: string;
  /** The kubelet's own certificate and key, PEM. */
  certFile: string;
  keyFile: string;
  /** Unix socket for the API server's egress selector (`cluster`, HTTPConnect), readable for this user only. */
  podNetworkSocket: string;
  /** Port of the proxy (HTTP, CONNECT, SOCKS5) that leads to pods. */
  podProxyPort: number;
  /** Who may use it; the password has 16 characters at least. */
  podProxyCredentials: { user: string; password: string };
  /** First and last port that containers listen on. */
  containerPorts: [number, number];
  /** Waits between restarts, in ms; 10 s to 5 min as in the real kubelet. */
  restartBackoff?: { firstMs: number; maxMs: number };
  /** How often the memory of containers is compared with their limits, in ms; 2,000. */
  memoryCheckMs?: number;
  /** Limit memory by control groups where that is possible; true. */
  controlGroups?: boolean;
  /** How long containers have to end when the kubelet is stopped, in ms; 3,000. */
  shutdownGraceMs?: number;
  /** How long containers wait for another kubelet when theirs was killed, in ms; 30,000. */
  adoptionMs?: number;
}

export type ParsedKubeletOptions = z.infer<typeof kubeletOptionsSchema>;
