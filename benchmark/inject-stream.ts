import { parse } from 'yaml';

/** A stream as `helm template` prints it for a whole cluster. */

const ACCOUNTS = 50;

/**
 * @param megabytes its size
 * @param every of so many documents one is a workload whose service account has a role
 */
export function clusterStream(megabytes: number, every: number): string {
  const parts = Array.from({ length: ACCOUNTS }, (_, index) => serviceAccount(index));
  let size = parts.join('').length;
  for (let index = 0; size < megabytes * 1_000_000; index++) {
    const part = index % every === 0 ? deployment(index) : configMap(index);
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}

/** The same as one list, as `kubectl get --output yaml` prints it. */
export function clusterList(megabytes: number): string {
  const items = clusterStream(megabytes, 1).split('---\n').slice(1).map(document => document.replace(/^#.*\n/, '').replace(/^(?=.)/gm, '  ').replace('  ', '- '));
  return `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
}

/** The same as one list of JSON. */
export function clusterJson(megabytes: number): string {
  return JSON.stringify(parse(clusterList(megabytes)), undefined, 2);
}

function serviceAccount(index: number): string {
  return `---
# Source: cluster/templates/service-account.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app-${index}
  namespace: default
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/app-${index}
`;
}

function deployment(index: number): string {
  return `---
# Source: cluster/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  namespace: default
  labels:
    app.kubernetes.io/name: web-${index}
    app.kubernetes.io/managed-by: Helm
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web-${index}
  template:
    metadata:
      labels:
        app: web-${index}
      annotations:
        checksum/config: "0123456789abcdef"
    spec:
      serviceAccountName: app-${index % ACCOUNTS}
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web  # the main one
          image: "registry.example.com/team/web:1.2.3"
          args: ["--port=8080", "--verbose"]
          ports:
            - name: http
              containerPort: 8080
              protocol: TCP
          env:
            - name: LOG_LEVEL
              value: "info"
            - name: POD_IP
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
          resources:
            limits: {cpu: 500m, memory: 256Mi}
            requests: {cpu: 100m, memory: 128Mi}
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
`;
}

function configMap(index: number): string {
  return `---
# Source: cluster/templates/config-map.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-${index}
  namespace: default
  labels:
    app.kubernetes.io/name: web-${index}
data:
  log-level: info
  retries: "3"
  enabled: "yes"
  application.properties: |
    server.port=8080
    server.name=web-${index}
    # the rest is the default
    spring.profiles.active=production
`;
}
