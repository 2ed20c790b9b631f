-- SPDX-License-Identifier: Apache-2.0
-- The verbs of headway.dev; those that make sense now are enabled.

local status = obj.status or {}
local actions = {
  ["promote"] = { disabled = true, displayName = "Promote" },
  ["promote-full"] = { disabled = true, displayName = "Promote without steps and checks" },
  ["skip-step"] = { disabled = true, displayName = "Skip this step" },
  ["pause"] = { disabled = true, displayName = "Pause" },
  ["resume"] = { disabled = true, displayName = "Resume" },
  ["abort"] = { disabled = true, displayName = "Abort" },
  ["retry"] = { disabled = true, displayName = "Retry" },
  ["rollback"] = { disabled = true, displayName = "Roll back" },
  ["admit"] = { disabled = true, displayName = "Admit" },
}

for _, verb in ipairs(status.allowedActions or {}) do
  -- an operator may be newer than this script
  if actions[verb] ~= nil then
    actions[verb].disabled = false
  end
end

local previous = (status.previous or {})[1]
if previous ~= nil then
  actions["rollback"].displayName = "Roll back to " .. (previous.version or previous.revision)
end

return actions
