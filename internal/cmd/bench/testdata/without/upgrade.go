package accesstoken

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// UpgradeCurrent leaves every state to the framework.
func UpgradeCurrent(*tfprotov6.UpgradeResourceStateRequest) *tfprotov6.UpgradeResourceStateResponse {
	return nil
}
