-- SPDX-License-Identifier: Apache-2.0
-- Asks headway.dev for a verb, by the annotation headway.dev/action: <verb>/<revision>/<nonce>.

local verb = "rollback"

local status = obj.status or {}
local allowed = status.allowedActions or {}

local isAllowed = false
for _, one in ipairs(allowed) do
  isAllowed = isAllowed or one == verb
end
if not isAllowed then
  local possible = "nothing can be asked for now"
  if #allowed > 0 then
    possible = "possible now: " .. table.concat(allowed, ", ")
  end
  error(verb .. " does not fit now; " .. possible, 0)
end

-- The revision on its way; in a bake, and at rest, the one that has the traffic. A rollback names where to go.
local serving = status.stable or status.active
local named = status.canary or status.preview or serving
if status.stage == "Baking" then
  named = serving
end
if verb == "rollback" then
  named = status.previous[1]
end

-- As nonce the version that was acted on: the same click twice is one request, and a later one is another.
local nonce = "argocd-" .. obj.metadata.resourceVersion

if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["headway.dev/action"] = verb .. "/" .. named.revision .. "/" .. nonce
return obj
