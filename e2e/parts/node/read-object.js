// Reads s3://BUCKET/KEY with nothing but the environment, as a pod's program would, and prints it.
// Exit code 3 means that AWS refused; anything else but 0, that something is broken.
const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3');

const [bucket, key] = process.argv.slice(2);

new S3Client({}).send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  .then(async ({ Body }) => process.stdout.write(await Body.transformToString()))
  .catch((error) => {
    console.error(`${error.name}: ${error.message}`);
    process.exitCode = error.$metadata?.httpStatusCode === 403 ? 3 : 1;
  });
