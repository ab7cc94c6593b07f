"""Read by `odoo shell` (which gives it `env`) when the demo database is made: every switch of this addon on."""

ADDON = "xero_integration"

settings = env["res.config.settings"]  # noqa: F821
switches = env["ir.model.fields"].search(  # noqa: F821
    [("model", "=", "res.config.settings"), ("ttype", "=", "boolean"), ("name", "=like", "group_%")]
)
ours = [field.name for field in switches if ADDON in field.modules.split(", ")]
settings.create(dict.fromkeys(ours, True)).execute()

groups = env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", "res.groups")])  # noqa: F821
env.ref("base.user_admin").write({"group_ids": [(4, group) for group in groups.mapped("res_id")]})  # noqa: F821
env.cr.commit()  # noqa: F821
print("done")
