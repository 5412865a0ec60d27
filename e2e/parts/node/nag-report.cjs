// Loaded into a CDK app: writes what cdk-nag's AwsSolutions pack finds in it beside its templates, and changes nothing in them.
const fs = require('node:fs');
const path = require('node:path');
const { App } = require('aws-cdk-lib');

const { synth } = App.prototype;

App.prototype.synth = function (options) {
  const assembly = synth.call(this, options);
  const { AwsSolutionsChecks } = require('cdk-nag');
  const { violations } = new AwsSolutionsChecks().validateScope(this);
  fs.writeFileSync(path.join(assembly.directory, 'nag-report.json'), JSON.stringify(violations));
  return assembly;
};
