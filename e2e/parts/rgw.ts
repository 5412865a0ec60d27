import { randomBytes, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { check, patiently } from './exec';
import { onFreePorts } from './ports';
import { Run } from './run-dir';
import { atMost, Service, startService } from './service';

/** A running RADOS Gateway. */
export interface Rgw {
  /** Serves IAM, STS and S3. */
  readonly endpoint: string;
  /** For `radosgw-admin`. */
  readonly configFile: string;
}

/**
 * Ceph's S3 gateway with the smallest cluster behind it: one monitor, one disk that is memory. All its files are in the
 * folder of the run. `proxy` is where it finds issuers.
 */
export async function startRgw(run: Run, proxy: string): Promise<Rgw> {
  return onFreePorts(2, async ([monitorPort, gatewayPort]) => {
    // a folder for each attempt: the monitor's port is part of what it stores
    const dir = path.join(run.dir, `ceph-${monitorPort}`);
    const config = configuration(dir, monitorPort, gatewayPort);
    fs.mkdirSync(path.join(dir, 'mon'), { recursive: true });
    fs.mkdirSync(path.join(dir, 'osd'));
    const configFile = path.join(dir, 'ceph.conf');
    fs.writeFileSync(configFile, config.text);
    const ceph = (program: string, ...args: string[]) => check({
      command: program, args: ['-c', configFile, ...args], cwd: dir, env: cephEnv(run), timeoutMs: 60_000,
    });
    const started: Service[] = [];
    try {
      started.push(await startMonitor(run, ceph, config.fsid, dir, monitorPort));
      started.push(await startDisk(run, ceph, configFile));
      started.push(await startGateway(run, configFile, gatewayPort, proxy));
    } catch (error) {
      // what an attempt on taken ports has started must not stay for the next
      for (const service of started.reverse()) {
        await service.stop();
      }
      throw error;
    }
    return { endpoint: `http://127.0.0.1:${gatewayPort}`, configFile };
  });
}

type Ceph = (program: string, ...args: string[]) => Promise<string>;

async function startMonitor(run: Run, ceph: Ceph, fsid: string, dir: string, port: number): Promise<Service> {
  const map = path.join(dir, 'monmap');
  await ceph('monmaptool', '--create', '--clobber', '--fsid', fsid, '--addv', 'a', `[v1:127.0.0.1:${port}]`, map);
  await ceph('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
  return startService(run, {
    name: 'ceph-mon',
    command: 'ceph-mon',
    args: ['-f', '-i', 'a', '-c', path.join(dir, 'ceph.conf')],
    env: cephEnv(run),
    ready: async () => Boolean(await ceph('ceph', '--connect-timeout', '5', 'mon', 'stat')),
  });
}

async function startDisk(run: Run, ceph: Ceph, configFile: string): Promise<Service> {
  const uuid = randomUUID();
  // a monitor that has just come up may answer one question and refuse the next (EPERM); both commands can be repeated
  await patiently(() => ceph('ceph', 'osd', 'new', uuid));
  await ceph('ceph-osd', '--mkfs', '-i', '0', '--osd-uuid', uuid);
  // by hand, since the disk's own attempt at it hangs now and then
  await patiently(() => ceph('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=localhost'));
  return startService(run, {
    name: 'ceph-osd',
    command: 'ceph-osd',
    args: ['-f', '-i', '0', '-c', configFile],
    env: cephEnv(run),
    ready: async () => /\b1 up\b/.test(await ceph('ceph', 'osd', 'stat')),
  });
}

function startGateway(run: Run, configFile: string, port: number, proxy: string): Promise<Service> {
  return startService(run, {
    name: 'radosgw',
    command: 'radosgw',
    args: ['-f', '-n', 'client.admin', '-c', configFile],
    // lower case: libcurl reads no other
    env: { ...cephEnv(run), https_proxy: proxy },
    ready: async () => (await fetch(`http://127.0.0.1:${port}/`, { signal: atMost() })).status > 0,
  });
}

/** The crash handler and Python tools of ceph write nothing elsewhere. */
function cephEnv(run: Run): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: run.home, PYTHONDONTWRITEBYTECODE: '1' };
}

function configuration(dir: string, monitorPort: number, gatewayPort: number): { fsid: string; text: string } {
  const fsid = randomUUID();
  const settings: Record<string, string | number | boolean> = {
    fsid,
    // nobody else reaches it, and keyrings would have to be made
    auth_cluster_required: 'none',
    auth_service_required: 'none',
    auth_client_required: 'none',
    mon_initial_members: 'a',
    mon_host: `v1:127.0.0.1:${monitorPort}`,
    ms_bind_msgr2: false,
    public_network: '127.0.0.0/8',
    // everything in our folder, nothing in /var
    mon_data: `${dir}/mon`,
    osd_data: `${dir}/osd`,
    run_dir: dir,
    admin_socket: `${dir}/$name.asok`,
    log_file: '',
    log_to_stderr: true,
    err_to_stderr: true,
    mon_cluster_log_file: '',
    crash_dir: `${dir}/crash`,
    keyring: `${dir}/keyring`,
    rgw_data: `${dir}/rgw`,
    // one disk in memory
    osd_objectstore: 'memstore',
    osd_pool_default_size: 1,
    osd_pool_default_min_size: 1,
    osd_pool_default_pg_num: 4,
    osd_pool_default_pg_autoscale_mode: 'off',
    mon_allow_pool_size_one: true,
    osd_crush_chooseleaf_type: 0,
    osd_crush_update_on_start: false,
    osd_class_update_on_start: false,
    // start in seconds
    paxos_propose_interval: 0.02,
    paxos_min_wait: 0.01,
    rgw_frontends: `beast endpoint=127.0.0.1:${gatewayPort}`,
    rgw_sts_key: randomBytes(8).toString('hex'),
    rgw_s3_auth_use_sts: true,
    // the certificate of our issuer server is its own authority
    rgw_verify_ssl: false,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return { fsid, text: ['[global]', ...lines, ''].join('\n') };
}
